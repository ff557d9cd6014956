package dev.cachetool.solver;

import dev.cachetool.content.Provider;
import dev.cachetool.oci.Descriptor;
import java.util.List;

/** A result as layers that can be transferred: their descriptors, lowest first, and who can open them. */
public record Remote(List<Descriptor> descriptors, Provider provider) {
    public Remote {
        descriptors = List.copyOf(descriptors);
    }
}
