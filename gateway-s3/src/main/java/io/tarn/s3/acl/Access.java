package io.tarn.s3.acl;

import io.tarn.client.ObjectInfo;
import io.tarn.client.Volume;
import io.tarn.s3.call.Caller;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.Optional;

/**
 * Who may do what. Owners may do everything with what they own, users of the root tenant with everything; anybody else needs a
 * grant. A bucket's owner may remove and list objects of others in it, and needs a grant to read them, as on AWS; unless the bucket
 * enforces its owner's {@link Ownership}, which puts all lists out of force.
 */
public final class Access {
    /** The volume's attribute that keeps a bucket's list. */
    public static final String BUCKET_ACL = "s3.acl";

    private Access() {}

    /** The list of a bucket. */
    public static Acl bucketAcl(final Volume bucket) {
        return Ownership.enforced(bucket)
                ? Acl.ownerOnly(bucket.qualifiedOwner())
                : Acl.parse(Optional.ofNullable(bucket.attributes().get(BUCKET_ACL)), bucket.qualifiedOwner());
    }

    /** The list of an object. */
    public static Acl objectAcl(final ObjectInfo object, final Volume bucket) {
        return Ownership.enforced(bucket)
                ? Acl.ownerOnly(bucket.qualifiedOwner())
                : Acl.parse(object.meta().acl(), object.owner());
    }

    /** Whom a version belongs to; what nobody wrote, as a delete marker, is the bucket owner's. */
    public static String ownerOf(final ObjectInfo object, final Volume bucket) {
        return object.owner().isEmpty() || Ownership.enforced(bucket) ? bucket.qualifiedOwner() : object.owner();
    }

    /** Whether the caller owns the bucket. */
    public static boolean owns(final Caller caller, final Volume bucket) {
        return caller.isRoot() || caller.is(bucket.qualifiedOwner());
    }

    public static boolean allows(final Caller caller, final Volume bucket, final Permission permission) {
        return owns(caller, bucket) || bucketAcl(bucket).allows(caller, permission);
    }

    /** Fails with AccessDenied unless the caller may. */
    public static void require(final Caller caller, final Volume bucket, final Permission permission) {
        if (!allows(caller, bucket, permission)) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
    }

    /** Fails with AccessDenied unless the caller may. */
    public static void require(
            final Caller caller, final Volume bucket, final ObjectInfo object, final Permission permission) {
        boolean allowed = caller.isRoot()
                || caller.is(ownerOf(object, bucket))
                || objectAcl(object, bucket).allows(caller, permission);
        if (!allowed) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
    }

    /** Fails with AccessDenied unless the caller owns the bucket. */
    public static void requireOwner(final Caller caller, final Volume bucket) {
        if (!owns(caller, bucket)) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
    }

    /** Fails with AccessDenied unless the caller owns the object or its bucket. */
    public static void requireOwner(final Caller caller, final Volume bucket, final ObjectInfo object) {
        if (!owns(caller, bucket) && !caller.is(ownerOf(object, bucket))) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
    }

    /** Fails with AccessControlListNotSupported where lists are out of force. */
    public static void requireLists(final Volume bucket) {
        if (Ownership.enforced(bucket)) {
            throw new S3Exception(S3ErrorCode.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
    }
}
