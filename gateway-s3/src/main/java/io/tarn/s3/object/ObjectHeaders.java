package io.tarn.s3.object;

import io.tarn.client.Checksum;
import io.tarn.client.ObjectInfo;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.request.ContentHeaders;
import io.tarn.s3.request.UserMetadata;
import io.tarn.s3.request.VersionIds;
import io.tarn.s3.wire.HttpDate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The headers by which answers describe an object. */
public final class ObjectHeaders {
    static final String DEFAULT_STORAGE_CLASS = "STANDARD";

    private ObjectHeaders() {}

    /** ETag, time and version: what a 304 carries too. */
    static void identity(final Reply reply, final ObjectInfo object) {
        reply.header("ETag", quoted(object.etag()))
                .header("Last-Modified", HttpDate.format(Times.instant(object.modifiedNanos())));
        version(reply, object);
    }

    /** The version id, where the bucket has versions. */
    public static void version(final Reply reply, final ObjectInfo object) {
        if (object.versioned()) {
            reply.header("x-amz-version-id", object.version());
        }
    }

    /** The version that a write made; the null version has no name to speak of. */
    public static void newVersion(final Reply reply, final ObjectInfo object) {
        if (!object.version().equals(VersionIds.NULL)) {
            version(reply, object);
        }
    }

    /** Everything that was stored with the object. */
    static void describe(final Reply reply, final ObjectInfo object, final Map<String, String> overrides) {
        identity(reply, object);
        reply.header("Accept-Ranges", "bytes");
        Map<String, String> stored = object.meta().headers();
        if (!stored.containsKey("content-type") && !overrides.containsKey("Content-Type")) {
            reply.header("Content-Type", ContentHeaders.DEFAULT_CONTENT_TYPE);
        }
        stored.forEach((name, value) -> {
            if (overrides.isEmpty() || !isOverridden(name, overrides)) {
                reply.header(name, value);
            }
        });
        overrides.forEach(reply::header);
        object.meta()
                .userMetadata()
                .forEach((name, value) -> reply.header(UserMetadata.PREFIX + name, UserMetadata.toHeader(value)));
        Optional<String> storageClass = object.meta().storageClass();
        if (storageClass.isPresent() && !storageClass.get().equals(DEFAULT_STORAGE_CLASS)) {
            reply.header("x-amz-storage-class", storageClass.get());
        }
        if (!object.meta().tags().isEmpty()) {
            reply.header(
                    "x-amz-tagging-count", Integer.toString(object.meta().tags().size()));
        }
    }

    private static boolean isOverridden(final String name, final Map<String, String> overrides) {
        for (String override : overrides.keySet()) {
            if (override.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** A checksum with its type. */
    public static void checksum(final Reply reply, final Optional<Checksum> checksum) {
        if (checksum.isPresent()) {
            Checksum value = checksum.get();
            reply.header("x-amz-checksum-" + value.algorithm().toLowerCase(Locale.ROOT), value.value())
                    .header("x-amz-checksum-type", value.composite() ? "COMPOSITE" : "FULL_OBJECT");
        }
    }

    public static String quoted(final String etag) {
        return '"' + etag + '"';
    }
}
