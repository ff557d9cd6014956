# clean.sh TABLE CLEANED: the rows of a table, sorted, without comments and blank lines.
set -e
mkdir -p "$(dirname "$2")"
sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1" | sort >"$2"
