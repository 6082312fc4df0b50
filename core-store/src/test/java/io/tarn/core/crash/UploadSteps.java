package io.tarn.core.crash;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Multipart uploads. An entity tag stands for the bytes of a part, which are known to {@link Expected#parts} alone. */
final class UploadSteps {
    private static final int UPLOADS_MAX = 3;
    private static final int PARTS = 3;

    private final Run run;

    UploadSteps(final Run run) {
        this.run = run;
    }

    void step() {
        final List<String> ids =
                run.world().uploads().keySet().stream().sorted().toList();
        final Optional<String> id = run.any(ids);
        if (id.isEmpty() || ids.size() < UPLOADS_MAX && run.oneIn(4)) {
            create();
            return;
        }
        switch (run.below(6)) {
            case 0 -> abort(id.get());
            case 1, 2 -> complete(id.get());
            default -> putPart(id.get());
        }
    }

    private void create() {
        final Name name = run.name();
        final World.Upload empty = new World.Upload(name, Map.of());
        run.expected().begin(run.world().withUpload(World.UNTOLD, empty));
        final ObjectStore.Upload upload =
                objects().createUpload(name.volume(), Key.of(name.key()), Run.OWNER, ObjectMeta.NONE, Optional.empty());
        run.expected().acknowledge(run.world().withUpload(upload.id(), empty));
    }

    private ObjectStore.Upload open(final String id) {
        final Name name = run.world().uploads().get(id).name();
        return objects().upload(name.volume(), Key.of(name.key()), id).orElseThrow();
    }

    private void putPart(final String id) {
        final World.Upload before = run.world().uploads().get(id);
        final Bytes content = run.content();
        final int number = 1 + run.below(PARTS);
        final String etag = "part-" + (parts().size() + 1);
        parts().put(etag, content);
        final Map<Integer, String> tags = new HashMap<>(before.parts());
        tags.put(number, etag);
        final World after = run.world().withUpload(id, new World.Upload(before.name(), tags));
        final ObjectStore.Upload upload = open(id);
        try (ContentWriter writer = objects().write(upload.volume())) {
            writer.write(ByteBuffer.wrap(content.toArray()));
            run.expected().begin(after);
            objects().putPart(upload, number, writer.finish(), etag, Optional.empty());
        }
        run.expected().acknowledge(after);
    }

    private void complete(final String id) {
        final World.Upload before = run.world().uploads().get(id);
        if (before.parts().isEmpty()) {
            return;
        }
        final List<ObjectStore.Part> chosen = new ArrayList<>();
        Bytes whole = Bytes.NONE;
        for (final Map.Entry<Integer, String> part : new TreeMap<>(before.parts()).entrySet()) {
            chosen.add(new ObjectStore.Part(part.getKey(), 0, part.getValue(), 0, Optional.empty()));
            whole = whole.with(whole.length(), parts().get(part.getValue()));
        }
        run.expected().begin(completed(id, World.UNTOLD, whole));
        final ObjectInfo info =
                objects().complete(open(id), chosen, "etag-" + chosen.size(), Optional.empty(), Precondition.NONE);
        run.expected().acknowledge(completed(id, info.version(), whole));
    }

    private World completed(final String id, final String version, final Bytes whole) {
        final Name name = run.world().uploads().get(id).name();
        return run.world()
                .withoutUpload(id)
                .withNewest(name, run.versioned(name), new Version(version, Optional.of(whole)));
    }

    private void abort(final String id) {
        final World after = run.world().withoutUpload(id);
        final ObjectStore.Upload upload = open(id);
        run.expected().begin(after);
        objects().abort(upload);
        run.expected().acknowledge(after);
    }

    private Map<String, Bytes> parts() {
        return run.expected().parts();
    }

    private ObjectStore objects() {
        return run.node().objects();
    }
}
