package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Principal;
import io.tarn.client.Volume;
import io.tarn.s3.acl.AclDocument;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** ListBuckets: the buckets that the caller owns, in order of name. An anonymous caller owns none. */
public final class ListBuckets implements Handler {
    private static final int MAX_BUCKETS = 10_000;

    private final Administration administration;
    private final String region;

    public ListBuckets(final Administration administration, final String region) {
        this.administration = administration;
        this.region = region;
    }

    @Override
    public Reply handle(final Call call) {
        int limit = call.request().intParameter("max-buckets", 1, MAX_BUCKETS).orElse(MAX_BUCKETS);
        String prefix = call.request().parameter("prefix").orElse("");
        String after = call.request()
                .parameter("continuation-token")
                .map(ListBuckets::decode)
                .orElse("");
        List<Volume> page = new ArrayList<>();
        boolean truncated = false;
        Optional<String> onlyRegion = call.request().parameter("bucket-region").filter(text -> !text.isEmpty());
        for (Volume bucket : owned(call)) {
            boolean ofRegion = onlyRegion.isEmpty() || onlyRegion.get().equals(regionOf(bucket));
            if (ofRegion && bucket.name().startsWith(prefix) && bucket.name().compareTo(after) > 0) {
                truncated = page.size() == limit;
                if (truncated) {
                    break;
                }
                page.add(bucket);
            }
        }
        return Reply.xml(document(call, page, prefix, truncated));
    }

    private String regionOf(final Volume bucket) {
        return bucket.attributes().getOrDefault(BucketSettings.REGION, region);
    }

    private List<Volume> owned(final Call call) {
        Optional<Principal> caller = call.caller().principal();
        return caller.isEmpty()
                ? List.of()
                : administration.volumes(Optional.of(caller.get().tenant())).stream()
                        .filter(bucket -> call.caller().is(bucket.qualifiedOwner()))
                        .toList();
    }

    private XmlWriter document(final Call call, final List<Volume> page, final String prefix, final boolean truncated) {
        var xml = new XmlWriter(256 + page.size() * 160);
        xml.openRoot("ListAllMyBucketsResult");
        Optional<Principal> caller = call.caller().principal();
        if (caller.isPresent()) {
            AclDocument.owner(
                    xml, "Owner", caller.get().qualifiedName(), caller.get().tenant());
        } else {
            xml.open("Owner").element("ID", "anonymous").close("Owner");
        }
        xml.open("Buckets");
        for (Volume bucket : page) {
            xml.open("Bucket")
                    .element("Name", bucket.name())
                    .element("CreationDate", Times.instant(bucket.createdNanos()))
                    .element("BucketRegion", regionOf(bucket))
                    .close("Bucket");
        }
        xml.close("Buckets");
        if (!prefix.isEmpty()) {
            xml.element("Prefix", prefix);
        }
        if (truncated) {
            xml.element("ContinuationToken", encode(page.getLast().name()));
        }
        return xml.close("ListAllMyBucketsResult");
    }

    private static String encode(final String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(final String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            throw S3Exception.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}
