# table.awk TOTALS: the totals as a table in HTML.
BEGIN { FS = ","; print "<table>"; print "<tr><th>product</th><th>pieces</th><th>euro</th></tr>" }
{
    printf "<tr><td>%s</td><td>%d</td><td>%d.%02d</td></tr>\n", $1, $2, int($3 / 100), $3 % 100
    sum += $3
}
END {
    printf "<tr><td>all</td><td></td><td>%d.%02d</td></tr>\n", int(sum / 100), sum % 100
    print "</table>"
}
