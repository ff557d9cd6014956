#!/bin/sh
# The build of this example as a plain script: it knows nothing of cachetool. graph.json describes the same commands.
set -e
cd "$(dirname "$0")"
export LC_ALL=C
rm -rf out

sh scripts/clean.sh data/orders.csv out/orders.csv
sh scripts/clean.sh data/prices.csv out/prices.csv
awk -f scripts/totals.awk out/prices.csv out/orders.csv >out/totals.csv
awk -f scripts/table.awk out/totals.csv >out/table.html
awk -f scripts/chart.awk out/totals.csv >out/chart.svg
sh scripts/pages.sh pages out/pages
sh scripts/site.sh out/site
