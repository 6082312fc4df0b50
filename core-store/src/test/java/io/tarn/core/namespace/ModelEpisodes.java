package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Versions of files that are written in place, in the model. */
final class ModelEpisodes {
    private final Model model;
    private final ModelTree tree;

    ModelEpisodes(final Model model, final ModelTree tree) {
        this.model = model;
        this.tree = tree;
    }

    /** The same where it is known to fit. */
    void beginWithin(final ModelVersion file) {
        begin(file, Long.MIN_VALUE / 2, /* inodes= */ 0);
    }

    /** Before a file's bytes change and it grows: what it is now is kept, if the rules and the quota say so. */
    void begin(final ModelVersion file, final long grownBytes) {
        begin(file, grownBytes, /* inodes= */ 1);
    }

    private void begin(final ModelVersion file, final long grownBytes, final int inodes) {
        final ModelVolume volume = model.volumeOf(file);
        final Optional<Key> key = volume.keys.entrySet().stream()
                .filter(entry -> entry.getValue().getFirst() == file)
                .map(Map.Entry::getKey)
                .findFirst();
        if (!volume.versioned() || file.episode || file.homeless || key.isEmpty()) {
            tree.requireGrowth(volume, grownBytes, 0);
            return;
        }
        final boolean suspended = volume.versioning == Versioning.SUSPENDED;
        if (suspended && file.nullVersion) {
            tree.requireGrowth(volume, grownBytes, 0);
            file.episode = file.writers() > 0;
            return;
        }
        final List<ModelVersion> before = volume.versions(key.get());
        final List<ModelVersion> after = new ArrayList<>(before);
        if (suspended) {
            after.removeIf(version -> version.nullVersion);
        }
        volume.keys.put(key.get(), after);
        try {
            tree.requireGrowth(volume, grownBytes + file.content.size(), inodes);
        } catch (final Refused refused) {
            volume.keys.put(key.get(), before);
            throw refused;
        }
        after.add(1, file.copy(model.untoldInode()));
        file.nullVersion = suspended;
        file.order = ModelVersion.UNKNOWN;
        file.episode = file.writers() > 0;
    }
}
