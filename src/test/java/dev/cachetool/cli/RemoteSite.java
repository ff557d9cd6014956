package dev.cachetool.cli;

import dev.cachetool.registry.CountingProxy;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.ServedContent;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A real registry with a counting proxy before it, and the whole tool, in a home of its own, to use it with. */
final class RemoteSite implements Closeable {
    final CountingProxy proxy;
    private final Path folder;
    private final DockerRegistry registry;

    /** Takes over the registry, which is closed with this. */
    RemoteSite(Path folder, DockerRegistry registry) throws IOException {
        this.folder = folder;
        this.registry = registry;
        this.proxy = registry.counting();
    }

    /** A tool that has no login; what it asks is counted where the reference is one of {@link #at}. */
    WholeTool tool() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        return new WholeTool(Files.createDirectories(folder.resolve("tmp"))).with("HOME", home.toString());
    }

    /** What an auth file has for the registry, by the way that is counted. */
    String auth(String user, String password) {
        String login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return "{\"auths\": {\"" + proxy.host() + "\": {\"auth\": \"" + login + "\"}}}";
    }

    /** The reference of something in the registry, by the way that is counted. */
    String at(String rest) {
        return proxy.host() + "/" + rest;
    }

    /** The same, past the proxy. */
    String uncounted(String rest) {
        return registry.host() + "/" + rest;
    }

    /** What a repository serves, past the proxy. */
    ServedContent served(String repository) {
        return new ServedContent(registry.host(), repository);
    }

    /** A host and port of this machine where nobody listens. */
    static String deadHost() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        try (registry) {
            proxy.close();
        }
    }
}
