package example.app;

import example.lib.Poem;

/** Prints a poem in a frame. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        Poem.named(args.length == 0 ? "robin" : args[0]).framed().forEach(System.out::println);
    }
}
