package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.s3.acl.Access;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.object.ObjectTagging;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.request.ObjectTags;
import io.tarn.s3.wire.QueryParameters;
import io.tarn.s3.xml.Tagging;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tags of buckets, kept coded like a query. */
public final class BucketTagging {
    private final Administration administration;
    private final Buckets buckets;

    public BucketTagging(final Administration administration, final Buckets buckets) {
        this.administration = administration;
        this.buckets = buckets;
    }

    /** GetBucketTagging; NoSuchTagSet when there are none. */
    public Reply get(final Call call) {
        Volume bucket = owned(call);
        String text = Optional.ofNullable(bucket.attributes().get(BucketSettings.TAGS))
                .orElseThrow(() -> new S3Exception(S3ErrorCode.NO_SUCH_TAG_SET).with("BucketName", bucket.name()));
        var tags = new LinkedHashMap<String, String>();
        QueryParameters.parse(text).all().forEach(tag -> tags.put(tag.name(), tag.value()));
        return Reply.xml(ObjectTagging.document(tags));
    }

    /** PutBucketTagging. */
    public Reply put(final Call call) {
        Volume bucket = owned(call);
        Map<String, String> tags = Tagging.parse(Documents.read(call), ObjectTags.MAX_BUCKET_TAGS);
        Optional<String> text = tags.isEmpty() ? Optional.empty() : Optional.of(toText(tags));
        administration.changeVolume(bucket.name(), VolumeChange.ofAttribute(BucketSettings.TAGS, text));
        return Reply.ok();
    }

    /** DeleteBucketTagging. */
    public Reply delete(final Call call) {
        Volume bucket = owned(call);
        administration.changeVolume(bucket.name(), VolumeChange.ofAttribute(BucketSettings.TAGS, Optional.empty()));
        return Reply.noContent();
    }

    private Volume owned(final Call call) {
        Volume bucket = buckets.of(call);
        Access.requireOwner(call.caller(), bucket);
        return bucket;
    }

    static String toText(final Map<String, String> tags) {
        var text = new StringBuilder();
        tags.forEach((key, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(key, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
