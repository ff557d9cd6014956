package dev.cachetool.cli.command;

import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.RecordRow;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.oci.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a cache holds.
 *
 * @param source where it lies, its digest and form
 * @param ociMediaTypes whether its media types are OCI's, else Docker's; empty where it has none
 * @param compressions the compressions of its layers, sorted
 * @param newest when the newest result was made; empty where no result says
 * @param records its records, in the config's order
 * @param layers its layers, each blob once
 * @param roots how many records have no inputs
 * @param leaves how many records nothing stands on
 * @param depth how many records the longest chain has
 * @param links how many links it has
 * @param sharedLayers how many layers more than one result uses
 * @param configBytes the size of the config
 * @param manifestBytes the size of the manifest, where there is one
 */
public record InspectAnswer(
        SourceRow source,
        Optional<Boolean> ociMediaTypes,
        List<String> compressions,
        Optional<Timestamp> newest,
        List<RecordRow> records,
        List<LayerRow> layers,
        long roots,
        long leaves,
        long depth,
        long links,
        long sharedLayers,
        long configBytes,
        OptionalLong manifestBytes) {
    public InspectAnswer {
        compressions = List.copyOf(compressions);
        records = List.copyOf(records);
        layers = List.copyOf(layers);
    }

    /** The size of its layers, each counted once. */
    public long bytes() {
        long bytes = 0;
        for (LayerRow layer : layers) {
            bytes += layer.blob().size();
        }
        return bytes;
    }

    /** How many records have a result. */
    public long results() {
        long results = 0;
        for (RecordRow row : records) {
            if (row.result().isPresent()) {
                results++;
            }
        }
        return results;
    }
}
