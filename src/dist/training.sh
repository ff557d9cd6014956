# The commands whose classes go into the class-data archive; read by archive.sh, in the top folder.
# "run" is cachetool in the folder $scratch. An exit code of 0 is not asked for: errors have classes too.
run
run --help
run version
run help version
run no-such-command

# A machine without a locale, as CI's containers are.
locale=C
run version
