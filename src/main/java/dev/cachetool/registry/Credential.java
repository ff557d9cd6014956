package dev.cachetool.registry;

import java.util.regex.Pattern;

/** What proves to a registry, or to its token server, who asks. No {@code toString} shows any of it. */
public sealed interface Credential {
    /** The one of somebody that nobody knows. */
    Credential ANONYMOUS = new Anonymous();

    /** The credential of a user name and a secret: an identity token where the name is the one that stands for those. */
    static Credential of(String username, String secret) {
        return username.equals(IdentityToken.USERNAME) ? new IdentityToken(secret) : new Password(username, secret);
    }

    /** A user's name and password; either may be empty. */
    record Password(String username, String password) implements Credential {
        @Override
        public String toString() {
            return "a user name and a password";
        }
    }

    /** A token that a token server takes as OAuth 2's refresh token. */
    record IdentityToken(String token) implements Credential {
        /** The user name that helpers give with an identity token. */
        static final String USERNAME = "<token>";

        @Override
        public String toString() {
            return "an identity token";
        }
    }

    /** A token that the registry itself takes as a bearer token, as it is. */
    record RegistryToken(String token) implements Credential {
        private static final Pattern TOKEN = Pattern.compile("[!-~]+");

        /**
         * Takes the token.
         *
         * @throws IllegalArgumentException if it has characters that cannot stand in a header; the message has none of them
         */
        public RegistryToken {
            if (!TOKEN.matcher(token).matches()) {
                throw new IllegalArgumentException("a registry token has visible ASCII characters only");
            }
        }

        @Override
        public String toString() {
            return "a registry token";
        }
    }

    /** No proof. */
    record Anonymous() implements Credential {
        @Override
        public String toString() {
            return "no credential";
        }
    }
}
