package dev.cachetool.solver;

class InMemoryCacheKeyStorageTest extends WritableCacheKeyStorageContract {
    @Override
    protected CacheKeyStorage empty() {
        return new InMemoryCacheKeyStorage();
    }
}
