package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph of every op that makes a tree without a command, by the whole tool. */
final class SourcesRunTest {
    @TempDir
    private Path temp;

    private HttpServer server;
    private WholeTool tool;
    private Path graph;
    private volatile String body = "file\n";

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "git"))),
                "git is not installed");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        server.start();
        tool = new WholeTool(Files.createDirectory(temp.resolve("tmp"))).with("PATH", System.getenv("PATH"));
        Path workspace = Files.createDirectories(temp.resolve("workspace/src"));
        Files.writeString(workspace.resolve("a"), "one\n");
        graph = temp.resolve("workspace/graph.json");
        Files.writeString(
                graph, """
                {"schemaVersion":1,"vertices":[
                 {"name":"src","op":{"local":{"path":"src"}}},
                 {"name":"repo","op":{"git":{"remote":"../repo","ref":"main","subdir":"s"}}},
                 {"name":"file","op":{"http":{"url":"http://127.0.0.1:PORT/f.txt"}}},
                 {"name":"tree","op":{"file":{"actions":[{"copy":{"from":0,"src":"src/a","dest":"in/"}},
                   {"copy":{"from":1,"src":"d","dest":"in/deep"}},{"mkfile":{"path":"in/x","data":"x\\n"}}]}},
                  "inputs":[{"vertex":"src"},{"vertex":"repo"}]},
                 {"name":"all","op":{"merge":{}},"inputs":[{"vertex":"tree"},{"vertex":"file"}]},
                 {"name":"more","op":{"diff":{}},"inputs":[{"vertex":"file"},{"vertex":"all"}]},
                 {"name":"out","op":{"exec":{"args":["sh","-c","cat in/a in/deep in/x > out; test ! -e f.txt"],"outputs":["out"]}},
                  "inputs":[{"vertex":"more"}]}]}
                """.replace("PORT", Integer.toString(server.getAddress().getPort())));
        Files.createDirectories(temp.resolve("repo/s"));
        git("init", "--quiet", "--initial-branch=main");
        commit("deep\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void commit(String text) throws Exception {
        Files.writeString(temp.resolve("repo/s/d"), text);
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "text");
    }

    private void git(String... command) throws Exception {
        List<String> whole = Stream.concat(Stream.of("git"), Stream.of(command)).toList();
        Process process = new ProcessBuilder(whole)
                .directory(temp.resolve("repo").toFile())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor(), whole::toString);
    }

    /** What a run says of its vertices, such as {@code executed out}. */
    private List<String> run() throws IOException {
        WholeTool.Run run = tool.run(
                "run", graph.toString(), "--store", temp.resolve("store").toString(), "--progress=quiet");
        assertEquals(ExitCode.DONE, run.code(), run.err());
        return run.out()
                .lines()
                .map(line -> line.split(" +"))
                .filter(words -> words.length > 1 && !words[0].matches("[0-9,]+"))
                .map(words -> words[0] + " " + words[1])
                .toList();
    }

    @Test
    void run_ofEveryOp_executesThemAndThenHits() throws Exception {
        assertTrue(run().containsAll(List.of(
                "executed repo", "executed file", "executed tree", "executed all", "executed more", "executed out")));
        assertEquals("one\ndeep\nx\n", Files.readString(temp.resolve("workspace/out")));
        assertTrue(run().contains("hit out"));

        commit("deeper\n");
        assertTrue(run().containsAll(List.of("executed repo", "executed tree", "executed out")));
        assertEquals("one\ndeeper\nx\n", Files.readString(temp.resolve("workspace/out")));

        body = "another file\n";
        List<String> afterwards = run();
        assertTrue(afterwards.containsAll(List.of("executed all", "executed more", "hit out")), afterwards::toString);
    }
}
