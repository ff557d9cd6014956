package dev.cachetool.registry;

import java.io.InterruptedIOException;

/** Where the credentials of one side come from. May be used by several threads at once. */
public interface CredentialSource {
    /**
     * The credential for a repository, {@link Credential#ANONYMOUS} where there is none. Each call asks anew, so that a
     * credential that has expired can be followed by one that has not; it may read files and run a program.
     *
     * @param registryHost the registry, {@code host[:port]}
     * @param repository the repository's name, without the registry; may be empty
     * @throws CredentialException if there may be one and it cannot be had
     * @throws InterruptedIOException if the thread is interrupted while a program runs
     */
    Credential find(String registryHost, String repository) throws CredentialException, InterruptedIOException;
}
