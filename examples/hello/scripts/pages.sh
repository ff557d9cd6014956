# pages.sh FOLDER PAGES: every text of a folder as a piece of HTML.
set -e
mkdir -p "$2"
for text in "$1"/*.txt; do
  name=${text##*/}
  awk -f scripts/page.awk "$text" >"$2/${name%.txt}.html"
done
