package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ObjectAttributes;
import java.util.TreeMap;

/** One version of a key in the model; a delete marker has inode 0. */
final class ModelVersion {
    /** Set by a command whose reply does not tell: read from the store after the entry. */
    static final long UNKNOWN = 0;

    long inode;
    long order;
    long generation;
    long contentGeneration;
    long etagGeneration;
    FileType type = FileType.REGULAR;
    int mode;
    int uid;
    int gid;
    long rdev;
    long accessedNanos;
    final TreeMap<Key, ByteString> xattrs = new TreeMap<>();
    /** How often each session holds it open. */
    final TreeMap<Long, Held> opens = new TreeMap<>();

    /** Its present writers have made their version of it. */
    boolean episode;
    /** It has several names, or had them and was not renamed since. */
    boolean homeless;

    /** What it is, under another inode that nobody has open. */
    ModelVersion copy(final long newInode) {
        final ModelVersion copy = new ModelVersion();
        copy.inode = newInode;
        copy.order = order;
        copy.contentGeneration = contentGeneration;
        copy.etagGeneration = etagGeneration;
        copy.type = type;
        copy.mode = mode;
        copy.uid = uid;
        copy.gid = gid;
        copy.rdev = rdev;
        copy.accessedNanos = accessedNanos;
        copy.nullVersion = nullVersion;
        copy.modifiedNanos = modifiedNanos;
        copy.owner = owner;
        copy.object = object;
        copy.content = content;
        copy.homeless = homeless;
        return copy;
    }

    record Held(long reading, long writing) {
        static final Held NOT = new Held(0, 0);
    }

    void hold(final long session, final boolean writing) {
        final Held held = opens.getOrDefault(session, Held.NOT);
        opens.put(session, new Held(held.reading + (writing ? 0 : 1), held.writing + (writing ? 1 : 0)));
    }

    void end(final long session) {
        opens.remove(session);
        episode &= writers() > 0;
    }

    long writers() {
        return opens.values().stream().filter(held -> held.writing > 0).count();
    }

    boolean nullVersion;
    long modifiedNanos;
    String owner = "";
    ObjectAttributes object = ObjectAttributes.getDefaultInstance();
    ModelContent content = ModelContent.EMPTY;

    boolean isMarker() {
        return inode == 0;
    }

    String version() {
        return nullVersion ? "null" : "%016x".formatted(order);
    }

    String etag() {
        return object.getEtag().isEmpty() || etagGeneration != contentGeneration
                ? "%032x-0".formatted(contentGeneration)
                : object.getEtag();
    }

    /** Names and versions that refer to the inode; none before the first command is done. */
    int links;

    /** Another number of names is a change that no reply tells. */
    void count(final int now) {
        if ((links != 0 && links != now) || now == 0) {
            generation = UNKNOWN;
        }
        links = now;
    }

    /** Takes over what only the state machine can know. */
    void learn(final Inode attributes) {
        order = attributes.getVersionOrder();
        generation = attributes.getGeneration();
        contentGeneration = attributes.getContentGeneration();
        nullVersion = attributes.getNullVersion();
    }

    ObjectInfo info(final long volume, final Key key, final boolean versioned, final boolean latest) {
        return new ObjectInfo(
                volume,
                key,
                inode,
                generation,
                version(),
                versioned,
                latest,
                isMarker(),
                content.size(),
                modifiedNanos,
                isMarker() ? "" : etag(),
                owner,
                isMarker() ? ObjectMeta.NONE : ObjectInfos.meta(object),
                ObjectInfos.parts(object));
    }
}
