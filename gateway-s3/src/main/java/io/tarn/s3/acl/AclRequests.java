package io.tarn.s3.acl;

import io.tarn.s3.acl.Acl.Grant;
import io.tarn.s3.call.Call;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.xml.AccessControlPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The list that a PutBucketAcl or PutObjectAcl asks for: by a preset, by grants in headers, or by a document. */
public final class AclRequests {
    private final AclHeaders headers;

    public AclRequests(final CanonicalIds ids) {
        headers = new AclHeaders(ids);
    }

    /**
     * Reads it.
     *
     * @param owner {@code tenant/user} of what the list is for
     * @param bucketOwner owner of its bucket
     * @throws S3Exception MissingSecurityHeader when nothing is asked for, UnexpectedContent when it is asked for twice, and
     *     what is wrong with headers, document or grantees
     */
    public Acl read(final Call call, final String owner, final String bucketOwner) {
        Optional<Acl> byHeaders = headers.parse(call.request().headers(), owner, bucketOwner);
        byte[] document = Documents.read(call, AccessControlPolicy.MAX_BODY_BYTES);
        if (byHeaders.isPresent()) {
            if (document.length > 0) {
                throw new S3Exception(S3ErrorCode.UNEXPECTED_CONTENT);
            }
            return byHeaders.get();
        }
        if (document.length == 0) {
            throw new S3Exception(S3ErrorCode.MISSING_SECURITY_HEADER).with("MissingHeaderName", "x-amz-acl");
        }
        return byDocument(AccessControlPolicy.parse(document), owner, bucketOwner);
    }

    private Acl byDocument(final AccessControlPolicy policy, final String owner, final String bucketOwner) {
        String tenant = AclHeaders.tenantOf(bucketOwner);
        if (policy.ownerId().isPresent() && !policy.ownerId().get().equals(CanonicalIds.idOf(owner, tenant))) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
        List<Grant> grants = new ArrayList<>();
        for (AccessControlPolicy.Grant grant : policy.grants()) {
            Grantee grantee =
                    switch (grant.grantee()) {
                        case AccessControlPolicy.Grantee.CanonicalUser user -> headers.user(user.id(), tenant);
                        case AccessControlPolicy.Grantee.Group group -> AclHeaders.group(group.uri());
                        case AccessControlPolicy.Grantee.Email email ->
                            throw new S3Exception(S3ErrorCode.UNRESOLVABLE_GRANT_BY_EMAIL);
                    };
            grants.add(new Grant(grantee, Permission.valueOf(grant.permission().name())));
        }
        return new Acl(grants);
    }
}
