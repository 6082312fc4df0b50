package io.tarn.s3.acl;

import io.tarn.s3.acl.Acl.Grant;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The list a request's headers ask for: a preset in {@code x-amz-acl}, or grants in {@code x-amz-grant-…}. */
public final class AclHeaders {
    private static final List<String> NAMES = List.of(
            "x-amz-grant-read",
            "x-amz-grant-write",
            "x-amz-grant-read-acp",
            "x-amz-grant-write-acp",
            "x-amz-grant-full-control");
    private static final List<Permission> PERMISSIONS = List.of(Permission.values());

    private static final String FOR_BUCKET_OWNER = "bucket-owner-full-control";

    private final CanonicalIds ids;

    public AclHeaders(final CanonicalIds ids) {
        this.ids = ids;
    }

    /**
     * Reads the headers.
     *
     * @param owner {@code tenant/user} who owns what the list is for
     * @param bucketOwner owner of its bucket
     * @return nothing if the request asks for no list
     * @throws S3Exception InvalidRequest for a preset beside grants, InvalidArgument for what cannot be read or resolved
     */
    public Optional<Acl> parse(final HeaderView headers, final String owner, final String bucketOwner) {
        Optional<String> canned = headers.first("x-amz-acl");
        List<Grant> grants = grants(headers, bucketOwner);
        if (canned.isPresent() && !grants.isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "Specifying both Canned ACLs and Header Grants is not allowed");
        }
        if (canned.isPresent()) {
            return Optional.of(CannedAcl.of(canned.get(), owner, bucketOwner));
        }
        return grants.isEmpty() ? Optional.empty() : Optional.of(new Acl(grants));
    }

    /** Whether the headers ask for no list, or for the one that gives the bucket's owner everything. */
    public static boolean asksForBucketOwnerOnly(final HeaderView headers) {
        return givesToBucketOwner(headers) || asksForNone(headers);
    }

    private static boolean asksForNone(final HeaderView headers) {
        return headers.first("x-amz-acl").isEmpty()
                && NAMES.stream().allMatch(name -> headers.first(name).isEmpty());
    }

    /** Whether the headers give the bucket's owner everything by preset. */
    public static boolean givesToBucketOwner(final HeaderView headers) {
        return headers.first("x-amz-acl").filter(FOR_BUCKET_OWNER::equals).isPresent();
    }

    private List<Grant> grants(final HeaderView headers, final String bucketOwner) {
        List<Grant> grants = List.of();
        for (int i = 0; i < NAMES.size(); i++) {
            Optional<String> value = headers.first(NAMES.get(i));
            if (value.isPresent()) {
                grants = grants.isEmpty() ? new ArrayList<>() : grants;
                parseList(NAMES.get(i), value.get(), PERMISSIONS.get(i), bucketOwner, grants);
            }
        }
        return grants;
    }

    private void parseList(
            final String header,
            final String value,
            final Permission permission,
            final String bucketOwner,
            final List<Grant> into) {
        for (String grantee : value.split(",", -1)) {
            int equals = grantee.indexOf('=');
            if (equals < 0 || into.size() == Acl.MAX_GRANTS) {
                throw S3Exception.invalidArgument("Argument format not recognized", header, value);
            }
            String type = grantee.substring(0, equals).strip();
            String name = unquoted(grantee.substring(equals + 1).strip());
            into.add(new Grant(
                    switch (type) {
                        case "id" -> user(name, tenantOf(bucketOwner));
                        case "uri" -> group(name);
                        case "emailAddress" -> throw new S3Exception(S3ErrorCode.UNRESOLVABLE_GRANT_BY_EMAIL);
                        default -> throw S3Exception.invalidArgument("Argument format not recognized", header, value);
                    },
                    permission));
        }
    }

    /** The user of an id; fails with InvalidArgument if there is none. */
    Grantee user(final String id, final String tenant) {
        return new Grantee.User(ids.resolve(id, tenant)
                .orElseThrow(() -> S3Exception.invalidArgument("Invalid id", "CanonicalUser/ID", id)));
    }

    static Grantee group(final String uri) {
        return Grantee.Group.byUri(uri).orElseThrow(() -> S3Exception.invalidArgument("Invalid group uri", "uri", uri));
    }

    static String tenantOf(final String qualifiedName) {
        return qualifiedName.substring(0, qualifiedName.indexOf('/'));
    }

    private static String unquoted(final String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
