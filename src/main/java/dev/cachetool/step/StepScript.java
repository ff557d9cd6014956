package dev.cachetool.step;

import dev.cachetool.content.FileNames;
import dev.cachetool.graph.ExecOp;
import java.util.StringJoiner;

/**
 * The shell script that runs a step's command, so that its words are the same bytes in every locale, and its variables have
 * no effect on what is put around it. It begins in the folder of {@link StepFolder}, mounts what has to be mounted, leaves a
 * file {@link #STARTED} there when nothing of that failed, goes to where the command runs, and becomes the command.
 *
 * <p>Variables that are handed through are not in it: they may be secret.
 */
final class StepScript {
    static final String STARTED = "started";

    private final StringBuilder text = new StringBuilder();

    private StepScript() {}

    /** Writes the script of a step that runs in this place. */
    static byte[] of(ExecOp op, StepEnvironment environment, StepPlace place) {
        StepScript script = new StepScript();
        place.preparation().forEach(line -> script.line(line + " || exit"));
        script.line(": > " + STARTED + " || exit");
        script.line("cd " + ShellText.quote(place.folder() + "/" + op.cwd()) + " || exit");
        // What shells set of their own.
        script.line("unset PWD OLDPWD SHLVL");
        // A shell loses variables whose names are not its own kind of names.
        StringBuilder removed = new StringBuilder();
        StringBuilder odd = new StringBuilder();
        environment.given().forEach((name, value) -> {
            if (ShellText.isVariable(name)) {
                script.line("export " + name + "=" + ShellText.quote(value));
            } else {
                odd.append(' ').append(ShellText.quote(name + "=" + value));
            }
        });
        environment.renamed().forEach((substitute, name) -> {
            removed.append(" -u ").append(substitute);
            odd.append(' ')
                    .append(ShellText.quote(name + "="))
                    .append("\"$")
                    .append(substitute)
                    .append('"');
        });
        StringJoiner command = new StringJoiner(" ").add("exec");
        place.namespace()
                .ifPresent(namespace -> namespace.dropping().forEach(word -> command.add(ShellText.quote(word))));
        if (odd.length() > 0) {
            command.add("env" + removed + odd);
        }
        op.args().forEach(word -> command.add(ShellText.quote(StepEnvironment.expand(word, place.folder()))));
        op.stdout().ifPresent(path -> command.add(">").add(ShellText.quote(place.folder() + "/" + path)));
        if (place.namespace().isPresent()) {
            // The first process of a namespace gets no signals that it does not wait for, and has to look after
            // orphans; what
            // it says of how the command ended is not for people.
            script.line("exec 3>&2 2>/dev/null");
            script.line("(" + command + " 2>&3 3>&-)");
            script.line("exit $?");
        } else {
            script.line(command.toString());
        }
        return FileNames.encode(script.text.toString());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
