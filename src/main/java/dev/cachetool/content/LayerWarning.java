package dev.cachetool.content;

import dev.cachetool.digest.Digest;

/**
 * Something of a layer that is not restored, though the rest is.
 *
 * @param layer the layer's blob
 * @param entry the path in the tree
 * @param what is left out, as half a sentence: "is a fifo, which is not restored"
 */
public record LayerWarning(Digest layer, String entry, String what) {
    @Override
    public String toString() {
        return "\"" + FileNames.shown(entry) + "\" in layer " + layer.shortText() + " " + what;
    }
}
