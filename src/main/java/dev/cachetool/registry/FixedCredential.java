package dev.cachetool.registry;

/** One credential for every registry of a side: the one that was given with the command. */
public final class FixedCredential implements CredentialSource {
    private final Credential credential;

    public FixedCredential(String username, String password) {
        this.credential = Credential.of(username, password);
    }

    @Override
    public Credential find(String registryHost, String repository) {
        return credential;
    }
}
