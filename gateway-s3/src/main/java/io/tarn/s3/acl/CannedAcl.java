package io.tarn.s3.acl;

import io.tarn.s3.acl.Acl.Grant;
import io.tarn.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;

/** The presets of {@code x-amz-acl}. Source: Amazon S3 User Guide, "Canned ACL". */
final class CannedAcl {
    private CannedAcl() {}

    /**
     * The grants of a preset.
     *
     * @param owner {@code tenant/user} who owns what the list is for
     * @param bucketOwner owner of the bucket it is in, or that it is
     * @throws S3Exception InvalidArgument for a name that AWS does not have
     */
    static Acl of(final String name, final String owner, final String bucketOwner) {
        var all = Grantee.Group.ALL_USERS;
        return switch (name) {
            case "private" -> Acl.ownerOnly(owner);
            case "public-read" -> with(owner, new Grant(all, Permission.READ));
            case "public-read-write" -> with(owner, new Grant(all, Permission.READ), new Grant(all, Permission.WRITE));
            case "authenticated-read" -> with(owner, new Grant(Grantee.Group.AUTHENTICATED_USERS, Permission.READ));
            case "bucket-owner-read" -> forBucketOwner(owner, bucketOwner, Permission.READ);
            case "bucket-owner-full-control" -> forBucketOwner(owner, bucketOwner, Permission.FULL_CONTROL);
            case "log-delivery-write" ->
                with(
                        owner,
                        new Grant(Grantee.Group.LOG_DELIVERY, Permission.WRITE),
                        new Grant(Grantee.Group.LOG_DELIVERY, Permission.READ_ACP));
            default -> throw S3Exception.invalidArgument("Invalid canned ACL", "x-amz-acl", name);
        };
    }

    private static Acl forBucketOwner(final String owner, final String bucketOwner, final Permission permission) {
        return owner.equals(bucketOwner)
                ? Acl.ownerOnly(owner)
                : with(owner, new Grant(new Grantee.User(bucketOwner), permission));
    }

    private static Acl with(final String owner, final Grant... more) {
        var grants = new ArrayList<Grant>();
        grants.add(new Grant(new Grantee.User(owner), Permission.FULL_CONTROL));
        grants.addAll(List.of(more));
        return new Acl(grants);
    }
}
