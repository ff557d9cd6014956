package dev.cachetool.inspect;

import dev.cachetool.oci.Descriptor;

/**
 * A layer's blob in a cache.
 *
 * @param blob what it is stored as
 * @param users how many results have it; 0 where the manifest lists it and no result leads there
 */
public record LayerView(Descriptor blob, int users) {}
