package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.AclHeaders;
import io.tarn.s3.acl.CanonicalIds;
import io.tarn.s3.acl.Ownership;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.request.BucketNames;
import io.tarn.s3.request.ObjectTags;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.xml.CreateBucketConfiguration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * CreateBucket. Doing it again is no error in us-east-1 for the owner who asks for the same, as on AWS. A constraint that names
 * another of AWS's regions is refused, for clients would sign for that region from then on; any other name is a label that is
 * kept and given back.
 */
public final class CreateBucket implements Handler {
    private static final String OWNERSHIP = "x-amz-object-ownership";
    private static final int MAX_LOCATION_LENGTH = 63;

    /** {@code eu-west-1}, {@code us-gov-east-1}. */
    private static final Pattern AWS_REGION = Pattern.compile("[a-z]{2}(-[a-z]{1,12}){1,2}-[0-9]{1,2}");

    private final Administration administration;
    private final AclHeaders acls;
    private final String region;

    public CreateBucket(final Administration administration, final String region) {
        this.region = region;
        this.administration = administration;
        this.acls = new AclHeaders(new CanonicalIds(administration));
    }

    @Override
    public Reply handle(final Call call) {
        String name = call.request().bucket();
        Principal owner = call.caller().principal().orElseThrow(() -> new S3Exception(S3ErrorCode.ACCESS_DENIED));
        HeaderView headers = call.request().headers();
        if (!BucketNames.isValid(name)) {
            throw new S3Exception(S3ErrorCode.INVALID_BUCKET_NAME).with("BucketName", name);
        }
        refuseNotOffered(headers);
        CreateBucketConfiguration configuration = CreateBucketConfiguration.parse(Documents.read(call));
        ObjectTags.validate(configuration.tags(), ObjectTags.MAX_BUCKET_TAGS);
        Map<String, String> attributes = new HashMap<>();
        configuration.locationConstraint().ifPresent(text -> attributes.put(BucketSettings.REGION, location(text)));
        if (!configuration.tags().isEmpty()) {
            attributes.put(BucketSettings.TAGS, BucketTagging.toText(configuration.tags()));
        }
        Optional<String> acl = acls.parse(headers, owner.qualifiedName(), owner.qualifiedName())
                .flatMap(list -> list.toText(owner.qualifiedName()));
        acl.ifPresent(text -> attributes.put(Access.BUCKET_ACL, text));
        ownership(headers).ifPresent(asked -> attributes.put(Ownership.ATTRIBUTE, asked.text()));
        try {
            administration.createVolume(name, owner, new VolumeSettings(Quota.NONE, Versioning.OFF, attributes));
        } catch (StorageException failure) {
            if (failure.failure() != Failure.ALREADY_EXISTS) {
                throw failure;
            }
            acceptOrRefuse(call, name, acl);
        }
        return Reply.ok().header("Location", "/" + name);
    }

    private void acceptOrRefuse(final Call call, final String name, final Optional<String> acl) {
        Optional<Volume> existing = administration.volume(name);
        boolean same = existing.isPresent()
                && call.caller().is(existing.get().qualifiedOwner())
                && acl.equals(Optional.ofNullable(existing.get().attributes().get(Access.BUCKET_ACL)));
        if (!same) {
            throw new S3Exception(S3ErrorCode.BUCKET_ALREADY_EXISTS).with("BucketName", name);
        }
        if (!region.equals(BucketOperations.DEFAULT_REGION)) {
            throw new S3Exception(S3ErrorCode.BUCKET_ALREADY_OWNED_BY_YOU).with("BucketName", name);
        }
    }

    private static void refuseNotOffered(final HeaderView headers) {
        if (headers.first("x-amz-bucket-object-lock-enabled")
                .filter("true"::equalsIgnoreCase)
                .isPresent()) {
            throw new S3Exception(S3ErrorCode.NOT_IMPLEMENTED).with("Header", "x-amz-bucket-object-lock-enabled");
        }
    }

    private static Optional<Ownership> ownership(final HeaderView headers) {
        Optional<String> asked = headers.first(OWNERSHIP);
        Optional<Ownership> ownership = asked.map(text -> Ownership.byText(text)
                .orElseThrow(() -> S3Exception.invalidArgument("Invalid " + OWNERSHIP + " header", OWNERSHIP, text)));
        if (ownership.filter(Ownership.BUCKET_OWNER_ENFORCED::equals).isPresent()
                && !AclHeaders.asksForBucketOwnerOnly(headers)) {
            throw new S3Exception(S3ErrorCode.INVALID_BUCKET_ACL_WITH_OWNERSHIP);
        }
        return ownership;
    }

    private String location(final String constraint) {
        if (!constraint.equals(region) && AWS_REGION.matcher(constraint).matches()) {
            throw new S3Exception(
                    S3ErrorCode.ILLEGAL_LOCATION_CONSTRAINT,
                    "The " + constraint + " location constraint is incompatible for the region specific endpoint this"
                            + " request was sent to.");
        }
        boolean wellFormed = constraint.length() <= MAX_LOCATION_LENGTH;
        for (int i = 0; i < constraint.length(); i++) {
            char c = constraint.charAt(i);
            wellFormed &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        }
        if (!wellFormed) {
            throw new S3Exception(S3ErrorCode.INVALID_LOCATION_CONSTRAINT).with("LocationConstraint", constraint);
        }
        return constraint;
    }
}
