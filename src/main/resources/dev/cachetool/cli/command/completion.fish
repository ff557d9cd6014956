# Completion of cachetool for fish. Made by: cachetool completion fish
# Nothing on the line is evaluated, no file is written, no registry is asked. Names of vertices come from cachetool itself.

# Prints the verb and its arguments, or, with a flag's names, the values that they have on the line; a switch has an empty one.
function __cachetool_line
    set -l valued @valued@
    set -l words (commandline -opc)
    set -l flag
    set -l behind
    for word in $words[2..-1]
        if set -q flag[1]
            contains -- $flag $argv; and printf '%s\n' $word
            set -e flag
        else if set -q behind[1]; or not string match -q -- '-?*' $word
            set -q argv[1]; or printf '%s\n' $word
        else if test $word = --
            set behind 1
        else
            set -l name (string split -m 1 -- = $word)
            if contains -- $name[1] $valued; and not set -q name[2]
                set flag $name[1]
            else if contains -- $name[1] $argv
                printf '%s\n' "$name[2]"
            end
        end
    end
end

# Whether the line has one of the verbs, and not yet the flag, whose names stand behind a --.
function __cachetool_takes
    set -l at (contains -i -- -- $argv)
    set -l line (__cachetool_line)
    if test $at -gt 1
        contains -- "$line[1]" $argv[1..(math $at - 1)]; or return 1
    end
    set -l names $argv[(math $at + 1)..-1]
    set -q names[1]; or return 0
    test (count (__cachetool_line $names)) -eq 0
end

# Whether the next word is the argument of that number of the verb, or one behind it, if "more" is said.
function __cachetool_at
    set -l line (__cachetool_line)
    test "$line[1]" = $argv[1]; or return 1
    test (count $line) -eq $argv[2]; or test "$argv[3]" = more -a (count $line) -gt $argv[2]
end

# The word up to the cursor without its quotes, and without the flag in front of it.
function __cachetool_word
    set -l raw (commandline -ct)
    set -l word (string unescape -- $raw; or string unescape -- $raw'"'; or string unescape -- $raw"'"; or printf '%s\n' $raw)
    string replace -r -- '^--[^=]*=' '' "$word"
end

# The paths that begin so: folders alone, or files as well; "plain" leaves out what attributes would have to quote.
function __cachetool_paths
    set -l before $argv[2]
    set -l begun $argv[3]
    for path in $begun*
        string match -qr -- '[[:cntrl:]]' $path; and continue
        test "$argv[4]" = plain; and string match -qr -- '[,"]' $path; and continue
        if test -d $path
            printf '%s%s/\n' $before $path
        else if test $argv[1] = file
            printf '%s%s\n' $before $path
        end
    end
end

function __cachetool_vertices
    set -l line (__cachetool_line)
    set -l graph $line[2]
    if test "$line[1]" = prune
        set graph (__cachetool_line --reachable-from)
    end
    test -f "$graph[1]"; or return
    set -l program (commandline -opc)[1]
    command -q $program; or set program cachetool
    command $program completion --vertices=$graph[1] --format=text </dev/null 2>/dev/null
end

# What a SPEC goes on with.
function __cachetool_place
    set -l side $argv[1]
    set -l word (__cachetool_word)
    switch "$word"
        case 'oci:*:*'
            set -l place (string match -r -- '^oci:(.*):' $word)
            test -f $place[2]/index.json; or return
            grep -o '"org\.opencontainers\.image\.ref\.name" *: *"[^"]*"' -- $place[2]/index.json 2>/dev/null |
                string replace -r -- '.*: *"(.*)"$' "$place[1]"'$1'
        case 'oci:*'
            __cachetool_paths folder oci: (string sub -s 5 -- $word)
        case 'oci-archive:*'
            __cachetool_paths file oci-archive: (string sub -s 13 -- $word)
        case 'config:*'
            test $side = source; and __cachetool_paths file config: (string sub -s 8 -- $word)
        case '*=*'
            __cachetool_attributes $side $word
        case '*'
            switch $side
@schemes@
            end
    end
end

# A key or value of the last attribute.
function __cachetool_attributes
    set -l side $argv[1]
    set -l fields (string split -- , $argv[2])
    set -l field $fields[-1]
    set -e fields[-1]
    set -l before ""
    for each in $fields
        set before $before$each,
    end
    set -l given (string replace -r -- '=.*' '' $fields)
    set -l type (string match -r -- '^type=(.*)' $fields)[2]
    if string match -q -- 'type=*' $field
        printf '%s\n' $before"type="@types@,
        return
    end
    if test -z "$type"
        printf '%s\n' $before"type="
        return
    end
    set -l keys
    switch $side/$type
@keys@
    end
    set -l name (string split -m 1 -- = $field)
    for key in $keys
        set -l part (string split -- ' ' $key)
        contains -- $part[1] $given; and continue
        if not set -q name[2]
            printf '%s\n' "$before$part[1]="
        else if test $part[1] = $name[1]
            switch $part[2]
                case word
                    printf '%s\n' "$before$part[1]="$part[3..-1]
                case folder file
                    __cachetool_paths $part[2] "$before$part[1]=" "$name[2]" plain
            end
        end
    end
end

complete -c cachetool -f
@verbs@
@arguments@
@flags@
