# chart.awk TOTALS: the totals as bars in SVG. The first row is the longest bar.
BEGIN { FS = "," }
{ name[NR] = $1; cents[NR] = $3 }
END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"%d\" font-size=\"14\">\n", NR * 24
    for (i = 1; i <= NR; i++) {
        y = (i - 1) * 24
        printf "<text x=\"0\" y=\"%d\">%s</text>", y + 16, name[i]
        printf "<rect x=\"80\" y=\"%d\" width=\"%d\" height=\"20\"/>\n", y, int(cents[i] * 320 / cents[1])
    }
    print "</svg>"
}
