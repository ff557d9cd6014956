# site.sh SITE: the pages, the table and the chart as one site, with the checksums of its files.
set -e
mkdir -p "$1"
cp out/chart.svg "$1/chart.svg"
{
  echo '<!DOCTYPE html>'
  echo '<html lang="en"><meta charset="utf-8"><title>The market stall</title>'
  cat out/pages/*.html
  echo '<h2>May in figures</h2>'
  cat out/table.html
  echo '<p><img src="chart.svg" alt="What each product brought"></p>'
  echo '</html>'
} >"$1/index.html"
cd "$1"
sha256sum chart.svg index.html >checksums.txt
