package dev.cachetool.content;

import java.util.Optional;

final class InMemoryContentStoreTest extends TargetContract {
    private final InMemoryContentStore store = new InMemoryContentStore();

    @Override
    protected Target open() {
        return store;
    }

    @Override
    protected Optional<Source> reader() {
        return Optional.of(store);
    }
}
