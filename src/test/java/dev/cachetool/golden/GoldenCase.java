package dev.cachetool.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One case that BuildKit answered: a folder with its input and what is expected. */
public record GoldenCase(String name, Path folder) {
    /** Whether the case has the file. */
    public boolean has(String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    /** The bytes of the file; it must be there. */
    public byte[] bytes(String file) {
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the files that begin so, sorted: {@code expect.} gives every expectation. */
    public List<String> files(String prefix) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name, as tests show it. */
    @Override
    public String toString() {
        return name;
    }
}
