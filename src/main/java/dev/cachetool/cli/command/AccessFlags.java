package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.graph.GoDuration;
import dev.cachetool.remotecache.OnConflict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads how registries are reached: logins, hosts without encryption, how long to wait. */
final class AccessFlags {
    /** The variables that are no twins of flags, since no flag has a password. */
    static final Set<String> VARIABLES = Set.of(Access.FROM_PASSWORD, Access.TO_PASSWORD);

    private static final int LONGEST_PASSWORD = 1 << 16;

    private static final List<Flag> FROM = List.of(Flags.FROM_USERNAME, Flags.FROM_PASSWORD_STDIN);
    private static final List<Flag> TO =
            List.of(Flags.TO_USERNAME, Flags.TO_PASSWORD_STDIN, Flags.ON_CONFLICT, Flags.ALLOW_FORK_WRITES);
    private static final List<Flag> ALL = List.of(Flags.PLAIN_HTTP, Flags.TIMEOUT, Flags.MAX_RETRY_AFTER);

    private AccessFlags() {}

    /** The flags of a verb that reads caches. */
    static List<Flag> reading(Flag... own) {
        return Stream.of(List.of(own), FROM, ALL).flatMap(List::stream).toList();
    }

    /** The flags of a verb that reads caches and writes them. */
    static List<Flag> copying(Flag... own) {
        return Stream.of(List.of(own), FROM, TO, ALL).flatMap(List::stream).toList();
    }

    /** What is done about what stands at the tag of a target. */
    static OnConflict onConflict(Arguments arguments) {
        return arguments
                .word(Flags.ON_CONFLICT)
                .map(word -> OnConflict.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(OnConflict.REPLACE);
    }

    /**
     * What the command line and the environment say.
     *
     * @param sources where caches are read from, one of which may be standard input
     */
    static Access read(Arguments arguments, Command.Context context, List<Place> sources) throws IOException {
        boolean standardInputIsTaken = sources.stream().anyMatch(place -> place instanceof Place.Stream);
        boolean fromStdin = arguments.isOn(Flags.FROM_PASSWORD_STDIN);
        boolean toStdin = arguments.isOn(Flags.TO_PASSWORD_STDIN);
        if (fromStdin && toStdin) {
            throw new UsageException(
                    "standard input can be read only once, but both passwords are to come from there",
                    "set CACHETOOL_FROM_PASSWORD or CACHETOOL_TO_PASSWORD for one of them");
        }
        if ((fromStdin || toStdin) && standardInputIsTaken) {
            throw new UsageException(
                    "standard input can be read only once, but a tar and a password are to come from there",
                    "set CACHETOOL_FROM_PASSWORD or CACHETOOL_TO_PASSWORD");
        }
        return new Access(
                login(arguments, Flags.FROM_USERNAME, Flags.FROM_PASSWORD_STDIN, Access.FROM_PASSWORD, context),
                login(arguments, Flags.TO_USERNAME, Flags.TO_PASSWORD_STDIN, Access.TO_PASSWORD, context),
                plainHttp(arguments),
                duration(arguments, Flags.TIMEOUT),
                duration(arguments, Flags.MAX_RETRY_AFTER).orElse(Access.USUAL_RETRY_AFTER));
    }

    private static Optional<Access.Login> login(
            Arguments arguments, Flag username, Flag passwordStdin, String variable, Command.Context context)
            throws IOException {
        Optional<String> name = arguments.value(username);
        boolean stdin = arguments.isOn(passwordStdin);
        String fromEnvironment = context.environment().getOrDefault(variable, "");
        if (name.isEmpty()) {
            // The variables of a whole job have a name that a verb without this flag does not take.
            boolean named = !context.environment()
                    .getOrDefault(Flag.twin(username.name()), "")
                    .isEmpty();
            if (named && !stdin) {
                return Optional.empty();
            }
            if (stdin || !fromEnvironment.isEmpty()) {
                throw new UsageException(
                        (stdin ? passwordStdin.name() : variable) + " gives a password without a name",
                        "add " + username.name() + " NAME");
            }
            return Optional.empty();
        }
        String password = stdin ? password(context.standardInput(), passwordStdin) : fromEnvironment;
        if (password.isEmpty()) {
            throw new UsageException(
                    username.name() + " needs a password, and none is given",
                    "add " + passwordStdin.name() + ", or set " + variable);
        }
        return Optional.of(new Access.Login(name.get(), password));
    }

    /** The text on standard input, without the line's end. */
    private static String password(InputStream in, Flag flag) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST_PASSWORD + 1);
        if (bytes.length > LONGEST_PASSWORD) {
            throw new UsageException("what " + flag.name() + " reads is too long for a password", "");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    private static Set<String> plainHttp(Arguments arguments) {
        TreeSet<String> hosts = new TreeSet<>();
        for (String host : arguments.values(Flags.PLAIN_HTTP)) {
            if (host.isEmpty() || host.contains("/")) {
                throw new UsageException(
                        "\"" + host + "\" of " + Flags.PLAIN_HTTP.name() + " is no host", "write host or host:port");
            }
            hosts.add(host);
        }
        return hosts;
    }

    private static Optional<Duration> duration(Arguments arguments, Flag flag) {
        Optional<String> text = arguments.value(flag);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong nanos = GoDuration.nanos(text.get());
        if (nanos.isEmpty()) {
            throw new UsageException(
                    "\"" + text.get() + "\" of " + flag.name() + " is no duration", "write 90s, 10m or 1h30m");
        }
        return Optional.of(Duration.ofNanos(nanos.getAsLong()));
    }
}
