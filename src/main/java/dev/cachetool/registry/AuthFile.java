package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The credentials of one auth file: Docker's {@code config.json}, Podman's {@code auth.json} (containers-auth.json(5)), or
 * the {@code .dockercfg} of old, which is the {@code auths} of the others alone. Read as Go reads, since their writers do.
 *
 * <p>The first of these that is there decides:
 *
 * <ol>
 *   <li>the helper that {@code credHelpers} names for the registry; an empty name keeps the registry from
 *       {@code credsStore};
 *   <li>the longest key of {@code auths} that has a path and leads to the repository;
 *   <li>the helper that {@code credsStore} names;
 *   <li>the key of {@code auths} for the registry.
 * </ol>
 *
 * <p>A helper is asked for what Docker calls the registry; for a key of {@code credHelpers} that is a plain host, as Podman
 * does it, for that. Once one has been asked, its answer counts even where it is "none". Entries of {@code auths} that hold nothing,
 * as Docker writes them beside a helper, are passed over. Nothing is said of entries for other registries, whatever they
 * look like.
 */
final class AuthFile {
    private final AuthPlace place;
    private final JsonValue root;
    private final boolean legacy;

    private AuthFile(AuthPlace place, JsonValue root, boolean legacy) {
        this.place = place;
        this.root = root;
        this.legacy = legacy;
    }

    /**
     * The file of these bytes; empty where there is nothing in it.
     *
     * @param legacy whether the document is what others have under {@code auths}
     * @param registry what is sought, for the error
     */
    static Optional<AuthFile> parse(byte[] bytes, AuthPlace place, boolean legacy, String registry)
            throws CredentialException {
        if (new String(bytes, StandardCharsets.UTF_8).isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AuthFile(place, JsonDocument.asGoReads(bytes, place.name()), legacy));
        } catch (JsonException e) {
            // What the reader says of it may quote it.
            throw bad(place, e, "no valid JSON", registry);
        }
    }

    /** The credential for the repository, if there is one. */
    Optional<Credential> find(String registry, String repository, CredentialHelpers helpers)
            throws CredentialException, InterruptedIOException {
        try {
            AuthKey wanted = new AuthKey(registry, "");
            List<Entry> byRegistry = legacy ? List.of() : entries("credHelpers", wanted);
            if (!byRegistry.isEmpty()) {
                Entry named = byRegistry.get(0);
                if (!named.value().asString().isEmpty()) {
                    String server = named.key().contains("/") ? wanted.text() : named.key();
                    return helpers.get(call(named.value(), server, registry));
                }
            }
            for (String path = repository; !path.isEmpty(); path = parent(path)) {
                Optional<Credential> found = written(new AuthKey(registry, path), registry);
                if (found.isPresent()) {
                    return found;
                }
            }
            Optional<JsonValue> store = legacy ? Optional.empty() : root.get("credsStore");
            if (byRegistry.isEmpty()
                    && store.isPresent()
                    && !store.get().asString().isEmpty()) {
                return helpers.get(call(store.get(), wanted.text(), registry));
            }
            return written(wanted, registry);
        } catch (JsonException e) {
            // Of a value of the wrong type its reader says the type.
            throw bad(place, e, e.problem(), registry);
        }
    }

    private CredentialHelpers.Call call(JsonValue name, String server, String registry) throws JsonException {
        return new CredentialHelpers.Call(registry, place.at(name), name.asString(), server);
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }

    private record Entry(String key, JsonValue value) {}

    /** What the object has for that key, the key as programs write it first. */
    private List<Entry> entries(String name, AuthKey wanted) throws JsonException {
        Optional<JsonValue> object = legacy ? Optional.of(root) : root.get(name);
        List<Entry> entries = new ArrayList<>();
        if (object.isEmpty()) {
            return entries;
        }
        for (Map.Entry<String, JsonValue> field : object.get().asObject().entrySet()) {
            Entry entry = new Entry(field.getKey(), field.getValue());
            if (entry.key().equals(wanted.text())) {
                entries.add(0, entry);
            } else if (AuthKey.parse(entry.key()).equals(wanted)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private Optional<Credential> written(AuthKey key, String registry) throws JsonException, CredentialException {
        for (Entry entry : entries("auths", key)) {
            Optional<Credential> credential = credential(entry.value(), registry);
            if (credential.isPresent()) {
                return credential;
            }
        }
        return Optional.empty();
    }

    private Optional<Credential> credential(JsonValue entry, String registry)
            throws JsonException, CredentialException {
        Optional<JsonValue> registryToken = filled(entry, "registrytoken");
        if (registryToken.isPresent()) {
            try {
                return Optional.of(
                        new Credential.RegistryToken(registryToken.get().asString()));
            } catch (IllegalArgumentException e) {
                throw bad(registryToken.get(), String.valueOf(e.getMessage()), registry);
            }
        }
        Optional<JsonValue> identityToken = filled(entry, "identitytoken");
        if (identityToken.isPresent()) {
            return Optional.of(new Credential.IdentityToken(identityToken.get().asString()));
        }
        Optional<JsonValue> auth = filled(entry, "auth");
        if (auth.isPresent()) {
            return Optional.of(decoded(auth.get(), registry));
        }
        String username = text(entry, "username");
        String password = text(entry, "password");
        return username.isEmpty() && password.isEmpty()
                ? Optional.empty()
                : Optional.of(Credential.of(username, password));
    }

    private static Optional<JsonValue> filled(JsonValue entry, String name) throws JsonException {
        return text(entry, name).isEmpty() ? Optional.empty() : entry.get(name);
    }

    private static String text(JsonValue entry, String name) throws JsonException {
        Optional<JsonValue> value = entry.get(name);
        return value.isPresent() ? value.get().asString() : "";
    }

    /** What {@code auth} holds: user, colon, password in base64, which may be broken into lines. */
    private Credential decoded(JsonValue auth, String registry) throws JsonException, CredentialException {
        String pair;
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(auth.asString().replace("\n", "").replace("\r", ""));
            pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw bad(auth, "\"auth\" is no base64", registry);
        } catch (CharacterCodingException e) {
            throw bad(auth, "\"auth\" has bytes that are no UTF-8", registry);
        }
        int colon = pair.indexOf(':');
        if (colon <= 0) {
            throw bad(auth, "\"auth\" is not the base64 of USER:PASSWORD", registry);
        }
        return Credential.of(pair.substring(0, colon), withoutPadding(pair.substring(colon + 1)));
    }

    /** Old versions of Docker filled the password up with zero bytes. */
    private static String withoutPadding(String password) {
        int start = 0;
        int end = password.length();
        while (start < end && password.charAt(start) == 0) {
            start++;
        }
        while (end > start && password.charAt(end - 1) == 0) {
            end--;
        }
        return password.substring(start, end);
    }

    private CredentialException bad(JsonValue value, String problem, String registry) {
        return CredentialException.ofFile(registry, place.at(value), problem, place.mend(registry), null);
    }

    /** The error of the JSON reader's, without itself as a cause: its message would be in a stack trace. */
    private static CredentialException bad(AuthPlace place, JsonException e, String problem, String registry) {
        return CredentialException.ofFile(
                registry, place.at(e.line(), e.column()), problem, place.mend(registry), null);
    }
}
