package example.lib;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.lang3.StringUtils;

/** The lines of a poem. */
public record Poem(List<String> lines) {
    public Poem {
        lines = List.copyOf(lines);
    }

    /** A poem that is part of this library. */
    public static Poem named(String name) {
        try (InputStream in = Poem.class.getResourceAsStream(name + ".txt")) {
            if (in == null) {
                throw new IllegalArgumentException("there is no poem " + name);
            }
            return new Poem(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The poem in a frame. */
    public List<String> framed() {
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        String edge = "+" + "-".repeat(width + 2) + "+";
        List<String> framed = new ArrayList<>();
        framed.add(edge);
        for (String line : lines) {
            framed.add("| " + StringUtils.center(line, width) + " |");
        }
        framed.add(edge);
        return framed;
    }
}
