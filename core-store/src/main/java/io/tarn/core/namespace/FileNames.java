package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.VersionEntry;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what files are called, for messages to people: a file does not know its names. Costs a scan of all entries, old versions
 * and parts of the shard, so many files are best asked for at once.
 */
public final class FileNames {
    /** Names told of one file; one of many links is as good as all. */
    private static final int NAMES_MAX = 8;

    private final KeyValueReader store;
    private final Map<Long, Set<String>> names = new HashMap<>();
    private final Set<Long> wanted = new HashSet<>();

    private FileNames(final KeyValueReader store, final Collection<Long> inodes) {
        this.store = store;
        this.wanted.addAll(inodes);
    }

    /** The names of inodes in words; an inode that is held open without a name has none. */
    public static Map<Long, List<String>> of(final KeyValueReader store, final Collection<Long> inodes) {
        final FileNames search = new FileNames(store, inodes);
        if (!inodes.isEmpty()) {
            search.run();
        }
        final Map<Long, List<String>> found = new HashMap<>();
        search.names.forEach((inode, all) -> found.put(inode, List.copyOf(all)));
        return found;
    }

    private void run() {
        FamilyRows.forEach(store, Families.DENTRY, (key, value) -> {
            final Dentry entry = Records.parse(Dentry.parser(), value);
            if (entry.getType() != FileType.DIRECTORY && wanted.contains(entry.getInode())) {
                add(entry.getInode(), path(Keys.longAt(key, 0), FamilyRows.tail(key)));
            }
        });
        FamilyRows.forEach(store, Families.VERSION, (key, value) -> {
            final VersionEntry entry = Records.versionEntry(value);
            if (wanted.contains(entry.getInode())) {
                add(
                        entry.getInode(),
                        path(Keys.longAt(key, 0), Keys.terminatedName(key)) + " (version "
                                + Versions.text(entry.getNullVersion(), entry.getOrder()) + ")");
            }
        });
        FamilyRows.forEach(store, Families.PART, (key, value) -> {
            final long inode = Records.parse(PartRecord.parser(), value).getInode();
            if (wanted.contains(inode)) {
                add(inode, "part " + Keys.partNumber(key) + " of upload " + Uploads.id(Keys.longAt(key, 0)));
            }
        });
    }

    private void add(final long inode, final String name) {
        final Set<String> known = names.computeIfAbsent(inode, unused -> new TreeSet<>());
        if (known.size() < NAMES_MAX) {
            final String volume = Records.inode(store, inode)
                    .map(found -> "volume " + found.getVolume() + ": ")
                    .orElse("");
            known.add(volume + name);
        }
    }

    private String path(final long parent, final byte[] name) {
        return new String(KeyPaths.of(store, parent, name), StandardCharsets.UTF_8);
    }
}
