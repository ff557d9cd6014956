# totals.awk PRICES ORDERS: product,pieces,cents for each product that was sold, the one that brought most first.
BEGIN { FS = OFS = "," }
FNR == NR { price[$1] = $2; next }
!($2 in price) { print "no price for " $2 > "/dev/stderr"; failed = 1; next }
{ pieces[$2] += $3 }
END {
    if (failed) {
        exit 1
    }
    for (product in pieces) {
        print product, pieces[product], pieces[product] * price[product] | "sort -t , -k 3,3nr -k 1,1"
    }
}
