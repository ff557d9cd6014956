package dev.cachetool.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An interactive bash, zsh or fish on a pseudo-terminal ({@code script} of util-linux makes it), which completes cachetool as
 * somebody who installed completions/ has it. Keys are pressed, and the shell tells what its line is then.
 */
final class ShellSession implements AutoCloseable {
    /** Completes what stands there. */
    static final String TAB = "\t";

    /** Puts all that could stand there into the line. */
    static final String ALL = "\u0018a";

    /** Tells the line and empties it. */
    private static final String TELL = "\u0018t";

    private static final Pattern LINE = Pattern.compile("LINE:([A-Za-z0-9+/=]*):END");

    private static final String BASH = """
            PS1='READY> '
            set +o history
            source 'SCRIPTS/cachetool.bash'
            bind 'set completion-query-items 0'
            bind 'set page-completions off'
            bind 'set bell-style none'
            bind '"\\C-xa": insert-completions'
            tell() { printf '\\nLINE:%s:END\\n' "$(printf %s "$READLINE_LINE" | base64 -w0)"; READLINE_LINE= READLINE_POINT=0; }
            bind -x '"\\C-xt": tell'
            """;

    private static final String ZSH = """
            PS1='READY> '
            fpath=('SCRIPTS' $fpath)
            autoload -U compinit
            compinit -D -u
            unsetopt auto_menu beep
            LISTMAX=10000
            zstyle ':completion:all-matches:*' insert yes
            zstyle ':completion:all-matches::::' completer _all_matches _complete
            zle -C all-matches complete-word _generic
            bindkey '^I' complete-word '^Xa' all-matches
            tell() { printf '\\nLINE:%s:END\\n' "$(printf %s "$BUFFER" | base64 -w0)"; BUFFER= }
            zle -N tell
            bindkey '^Xt' tell
            """;

    private static final String FISH = """
            set -g fish_greeting
            set -g fish_autosuggestion_enabled 0
            set -ga fish_complete_path 'SCRIPTS'
            function fish_prompt; echo 'READY> '; end
            function all
                commandline -r -- (complete -C(commandline -cp) | string replace -r '\\t.*' '' | string join ' ')
            end
            function tell
                printf '\\nLINE:%s:END\\n' (commandline | string join \\n | string collect | base64 -w0)
                commandline -r ''
            end
            bind \\t complete
            bind \\cxa all
            bind \\cxt tell
            """;

    private final Process process;
    private final InputStream out;
    private final OutputStream in;

    /** Starts the shell in the folder; its own files are in a home beside it. The program is the packaged one. */
    ShellSession(String shell, Path folder, Path home) throws IOException {
        Path scripts = Path.of("completions").toAbsolutePath();
        Files.createDirectories(home.resolve("fish"));
        String setUp = switch (shell) {
            case "bash" -> BASH;
            case "zsh" -> ZSH;
            default -> FISH;
        };
        Path file = Files.writeString(
                home.resolve(shell.equals("fish") ? "fish/config.fish" : shell.equals("zsh") ? ".zshrc" : "rc"),
                setUp.replace("SCRIPTS", scripts.toString()));
        String command = shell.equals("bash") ? "bash --noprofile --rcfile " + file + " -i" : shell + " -i";
        process = Launch.command("script", "-q", "-c", "stty cols 1000 rows 50; exec " + command, "/dev/null")
                .in(folder)
                .with("PATH", Launch.DISTRIBUTION.resolve("bin") + ":" + System.getenv("PATH"))
                .with("HOME", home.toString())
                .with("ZDOTDIR", home.toString())
                .with("XDG_CONFIG_HOME", home.toString())
                .with("XDG_DATA_HOME", home.toString())
                .with("TERM", "xterm")
                .with("LC_ALL", "C.UTF-8")
                .start(home.resolve("err"));
        out = process.getInputStream();
        in = process.getOutputStream();
        readUntil(Pattern.compile("READY> "));
    }

    /** Whether the machine has what such a shell needs. */
    static boolean isHere(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** What the line is after the text was typed and the key was pressed. */
    String press(String typed, String key) throws IOException {
        in.write((typed + key + TELL).getBytes(StandardCharsets.UTF_8));
        in.flush();
        Matcher told = readUntil(LINE);
        return new String(Base64.getDecoder().decode(told.group(1)), StandardCharsets.UTF_8);
    }

    private Matcher readUntil(Pattern pattern) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (true) {
            int next = out.read();
            if (next < 0) {
                throw new EOFException("the shell ended; it said: " + seen);
            }
            seen.append((char) next);
            Matcher matcher = pattern.matcher(seen);
            if (next == (pattern == LINE ? 'D' : ' ') && matcher.find()) {
                return matcher;
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        in.close();
        out.close();
    }
}
