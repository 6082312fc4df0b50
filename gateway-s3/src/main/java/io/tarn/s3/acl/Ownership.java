package io.tarn.s3.acl;

import io.tarn.client.Volume;
import java.util.Optional;

/**
 * To whom the objects of a bucket belong, and whether access-control lists count in it. Source: Amazon S3 User Guide, "Controlling
 * ownership of objects". Where nothing is set it is as {@link #OBJECT_WRITER} has it: AWS no longer gives new buckets lists by default, but
 * what is stored here may rely on them.
 */
public enum Ownership {
    /** Everything belongs to the bucket's owner; lists count for nothing and cannot be set. */
    BUCKET_OWNER_ENFORCED("BucketOwnerEnforced"),
    /** What is written with {@code bucket-owner-full-control} belongs to the bucket's owner. */
    BUCKET_OWNER_PREFERRED("BucketOwnerPreferred"),
    /** An object belongs to whom it was written by. */
    OBJECT_WRITER("ObjectWriter");

    /** The volume's attribute that keeps it. */
    public static final String ATTRIBUTE = "s3.ownership";

    private final String text;

    Ownership(final String text) {
        this.text = text;
    }

    /** The name that headers and documents have. */
    public String text() {
        return text;
    }

    public static Optional<Ownership> byText(final String text) {
        for (final Ownership ownership : values()) {
            if (ownership.text.equals(text)) {
                return Optional.of(ownership);
            }
        }
        return Optional.empty();
    }

    /** What a bucket was set to, if it was. */
    public static Optional<Ownership> setOn(final Volume bucket) {
        return Optional.ofNullable(bucket.attributes().get(ATTRIBUTE)).flatMap(Ownership::byText);
    }

    /** What holds in a bucket. */
    public static Ownership of(final Volume bucket) {
        return setOn(bucket).orElse(OBJECT_WRITER);
    }

    /** Whether lists count for nothing in a bucket. */
    static boolean enforced(final Volume bucket) {
        return of(bucket) == BUCKET_OWNER_ENFORCED;
    }
}
