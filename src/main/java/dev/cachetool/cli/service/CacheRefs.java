package dev.cachetool.cli.service;

import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Results of a cache that was read, as refs of the store. */
final class CacheRefs {
    private CacheRefs() {}

    /**
     * The result, with what is noted of it beside the cache; nothing is pulled for it.
     *
     * @throws IOException if the store cannot be read
     */
    static RefResult open(Store store, OpenSource source, CacheExportResult result, ChainRecord record)
            throws IOException {
        Optional<Notes.RecordNotes> notes = source.artifact().notes().record(record.identity());
        Optional<Notes.ResultNotes> noted =
                notes.flatMap(of -> of.result(result.remote().descriptors()));
        Map<String, Digest> content =
                noted.<Map<String, Digest>>map(Notes.ResultNotes::content).orElse(Map.of());
        String description = notes.flatMap(of -> of.names().stream().findFirst())
                .orElse(source.place().name());
        RefMetadata metadata = new RefMetadata(
                description,
                result.createdAt(),
                Instant.now(),
                noted.map(Notes.ResultNotes::milliseconds).orElse(OptionalLong.empty()));
        return new RefResult(
                store.refs()
                        .remote(result.remote().descriptors(), result.remote().provider(), metadata),
                content);
    }
}
