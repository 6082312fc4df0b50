package io.tarn.client;

import java.util.List;

/**
 * A page of a directory, as it was at one moment.
 *
 * @param entries in byte order of positions, without {@code .} and {@code ..}
 * @param more whether there are entries after these
 */
public record DirectoryPage(List<Entry> entries, boolean more) {
    public DirectoryPage {
        entries = List.copyOf(entries);
    }

    /**
     * An entry.
     *
     * @param name as {@link Inodes} takes it
     * @param position where the next page goes on after it; stays good whatever happens to the directory
     * @param node what bears the name
     * @param isPlain whether it is known to have no extended attributes; where it is not, it may have some or none
     */
    public record Entry(Key name, Key position, Node node, boolean isPlain) {}
}
