package io.tarn.core.crash;

import io.tarn.client.Content;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.core.crash.World.Name;
import io.tarn.core.crash.World.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an S3 client does to whole objects. */
final class ObjectSteps {
    private final Run run;

    ObjectSteps(final Run run) {
        this.run = run;
    }

    void put() {
        final Name name = run.name();
        final Bytes content = run.content();
        try (ContentWriter writer = objects().write(name.volume())) {
            writer.write(ByteBuffer.wrap(content.toArray()));
            put(name, content, writer.finish());
        }
    }

    /** Shares the bytes of another object, or of the one it replaces. */
    void copy() {
        run.existing(any -> true).ifPresent(source -> {
            final Bytes content = run.world().current(source).orElseThrow();
            final int from = run.below(content.length() + 1);
            final int length = run.below(content.length() - from + 1);
            final Name target = run.name();
            final ObjectInfo info = objects()
                    .stat(source.volume(), Key.of(source.key()), Optional.empty())
                    .orElseThrow();
            if (source.volume() == target.volume()) {
                put(target, content.range(from, length), objects().cloneOf(info, from, length));
            }
        });
    }

    private void put(final Name name, final Bytes bytes, final Content content) {
        run.expected().begin(newest(name, World.UNTOLD, bytes));
        final ObjectInfo info = objects()
                .put(name.volume(), Key.of(name.key()), Run.OWNER, content, "etag", ObjectMeta.NONE, Precondition.NONE);
        run.expected().acknowledge(newest(name, info.version(), bytes));
    }

    private World newest(final Name name, final String id, final Bytes content) {
        return run.world().withNewest(name, run.versioned(name), new Version(id, Optional.of(content)));
    }

    void delete() {
        run.existing(any -> true).ifPresent(name -> {
            run.expected().begin(deleted(name, World.UNTOLD));
            final ObjectStore.Deleted deleted = delete(name, Optional.empty());
            run.expected().acknowledge(deleted(name, deleted.version().orElse(World.UNTOLD)));
        });
    }

    private World deleted(final Name name, final String marker) {
        return run.versioned(name)
                ? run.world().withNewest(name, true, new Version(marker, Optional.empty()))
                : run.world().with(name, List.of());
    }

    void deleteVersion() {
        final List<Name> names = run.world().names().keySet().stream()
                .filter(run::versioned)
                .sorted()
                .toList();
        run.any(names).ifPresent(name -> {
            final List<Version> left = new ArrayList<>(run.world().versions(name));
            final Version version = left.remove(run.below(left.size()));
            final World after = run.world().with(name, left);
            run.expected().begin(after);
            delete(name, Optional.of(version.id()));
            run.expected().acknowledge(after);
        });
    }

    private ObjectStore.Deleted delete(final Name name, final Optional<String> version) {
        return objects()
                .delete(name.volume(), Key.of(name.key()), version, Run.OWNER.qualifiedName(), Precondition.NONE);
    }

    private ObjectStore objects() {
        return run.node().objects();
    }
}
