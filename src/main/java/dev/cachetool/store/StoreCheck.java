package dev.cachetool.store;

import java.util.List;

/**
 * What a look through a store found.
 *
 * @param problems what is wrong
 * @param leftovers what nobody needs, relative to the store's folder; the next prune removes it
 * @param refs how many refs were looked at
 * @param files how many of their files
 * @param blobs how many blobs
 * @param bytes how many bytes were read
 */
public record StoreCheck(
        List<Problem> problems, List<String> leftovers, long refs, long files, long blobs, long bytes) {
    public StoreCheck {
        problems = List.copyOf(problems);
        leftovers = List.copyOf(leftovers);
    }

    /**
     * One thing that is wrong.
     *
     * @param kind "ref", "blob" or "keys"
     * @param id of the ref, or the digest of the blob, or the name of the file that keys or digests of files are in
     * @param description for people; may be empty
     * @param what is wrong with it, as half a sentence
     */
    public record Problem(String kind, String id, String description, String what) {}
}
