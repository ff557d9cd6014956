package dev.cachetool.content;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes symbolic links whose targets are any bytes. */
final class Symlinks {
    private Symlinks() {}

    /**
     * Makes the link.
     *
     * @throws IOException if something stands there, or the file system refuses the target
     */
    static void create(Path link, String target) throws IOException {
        if (FileNames.hasOtherSpelling(target) && link.getFileSystem() == FileSystems.getDefault()) {
            createBySpelling(link, target);
        } else {
            Files.createSymbolicLink(link, FileNames.linkTarget(link, target));
        }
    }

    /**
     * The JDK's paths have no empty segments, so it makes no link to {@code a//b} or {@code a/}. The shell does. Names go
     * there as octal numbers, since the JDK would give them to a process in the locale's encoding.
     */
    private static void createBySpelling(Path link, String target) throws IOException {
        Path name = link.getFileName();
        Path folder = link.toAbsolutePath().getParent();
        if (name == null || folder == null) {
            throw new IOException("could not make the link " + link + ": it has no folder");
        }
        // The folder is reached by its bytes too: ../ would not do where the shell cannot enter it.
        byte[] linkBytes = FileNames.encode(absolute(folder, FileNames.nameOf(link)));
        String script = "t=$(printf '" + octal(FileNames.encode(target)) + "_'); l=$(printf '" + octal(linkBytes)
                + "_'); ln -s -- \"${t%_}\" \"${l%_}\"";
        Process process = new ProcessBuilder("/bin/sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("could not make the link " + link + " to \"" + FileNames.shown(target) + "\"");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while making a link");
        }
    }

    private static String absolute(Path folder, String name) {
        StringBuilder whole = new StringBuilder();
        for (Path path = folder; path.getParent() != null; path = path.getParent()) {
            whole.insert(0, "/" + FileNames.nameOf(path));
        }
        return whole.append('/').append(name).toString();
    }

    private static String octal(byte[] bytes) {
        StringBuilder text = new StringBuilder(4 * bytes.length);
        for (byte b : bytes) {
            int unsigned = b & 0xff;
            text.append('\\')
                    .append((char) ('0' + (unsigned >> 6)))
                    .append((char) ('0' + (unsigned >> 3 & 7)))
                    .append((char) ('0' + (unsigned & 7)));
        }
        return text.toString();
    }
}
