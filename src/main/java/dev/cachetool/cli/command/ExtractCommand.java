package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.Table;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code extract}: files out of a result. */
final class ExtractCommand implements Command {
    /** How many files are told. */
    private static final int MOST = 20;

    private static final String LOCAL = "store";

    @Override
    public Usage usage() {
        return new Usage(
                "extract",
                "take files out of a result, without restoring the whole",
                List.of(
                        Positional.one("SPEC|store", Value.SOURCE.or("store")),
                        Positional.one("RECORD", Value.TEXT),
                        Positional.any("PATH", Value.TEXT)),
                "--to DIR",
                "cachetool extract oci:cache site 'out/site/*.html' --to copy",
                AccessFlags.reading(Flags.EXTRACT_TO, Flags.STORE),
                Note.texts(
                        "RECORD is the name of a vertex, or a record's digest or identity, as inspect tells them; the"
                                + " first characters are enough. In place of a SPEC, \"store\" is the local store,"
                                + " and RECORD an id that store ls shows, or a step's name.",
                        "PATH may have wildcards; without any, everything is taken. Of eStargz layers only what is"
                                + " wanted is read. Files that stand there are replaced."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        List<String> words = arguments.positionals();
        Optional<Place> place =
                words.get(0).equals(LOCAL) ? Optional.empty() : Optional.of(PlaceFlags.source(words.get(0), context));
        String to = arguments
                .value(Flags.EXTRACT_TO)
                .orElseThrow(() -> new UsageException(
                        "extract is not told where to write to", "add " + Flags.EXTRACT_TO.name() + " DIR"));
        Path folder = PlaceParser.path(to, Flags.EXTRACT_TO.name());
        ExtractOptions options = new ExtractOptions(
                place,
                StoreFlags.folder(arguments, context.environment()),
                words.get(1),
                words.subList(2, words.size()),
                folder,
                AccessFlags.read(arguments, context, place.stream().toList()));

        ExtractAnswer answer = context.services().extractor().extract(options, context.console());

        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("record", answer.record());
        facts.put("to", folder.toString());
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("files", files(answer));
        figures.put("bytes", answer.tree().totalBytes());
        context.answers()
                .write(
                        Answer.of("extract")
                                .facts(facts)
                                .sources(answer.source().stream().toList())
                                .summary(figures),
                        () -> print(answer, folder, context.console()));
        return ExitCode.DONE;
    }

    private static long files(ExtractAnswer answer) {
        return answer.tree().entries().stream()
                .filter(entry -> entry.type() != EntryType.DIRECTORY)
                .count();
    }

    private static void print(ExtractAnswer answer, Path folder, Console console) throws IOException {
        Table table = new Table(console.style());
        long told = 0;
        for (TreeEntry entry : answer.tree().entries()) {
            if (entry.type() != EntryType.DIRECTORY && (told++ < MOST || console.isVerbose())) {
                table.row()
                        .status("written")
                        .right(entry.type() == EntryType.SYMLINK ? "link" : Figures.size(entry.size()))
                        .left(FileNames.shown(entry.path()));
            }
        }
        for (String line : table.lines()) {
            console.out().line(line);
        }
        if (told > MOST && !console.isVerbose()) {
            console.out().line("and " + Figures.count(told - MOST, "more file") + " (all of them: --verbose)");
        }
        console.out()
                .line(SafeText.of(Figures.count(told, "file") + ", "
                        + Figures.size(answer.tree().totalBytes()) + " of "
                        + answer.name()
                                .map(name -> name + " (" + answer.shown() + ")")
                                .orElse(answer.shown()) + " in " + folder));
    }
}
