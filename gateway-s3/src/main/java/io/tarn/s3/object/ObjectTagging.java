package io.tarn.s3.object;

import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.request.ObjectTags;
import io.tarn.s3.xml.Tagging;
import io.tarn.s3.xml.XmlWriter;
import java.util.Map;
import java.util.TreeMap;

/** Tags of objects. No grant covers them: only the owners of object and bucket read and change them. */
public final class ObjectTagging {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final ObjectLookup lookup;

    public ObjectTagging(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
        this.lookup = new ObjectLookup(objects);
    }

    /** GetObjectTagging. */
    public Reply get(final Call call) {
        ObjectInfo object = find(call, buckets.of(call));
        Reply reply = Reply.xml(document(object.meta().tags()));
        ObjectHeaders.version(reply, object);
        return reply;
    }

    /** PutObjectTagging. */
    public Reply put(final Call call) {
        Volume bucket = buckets.of(call);
        find(call, bucket);
        return change(call, bucket, Tagging.parse(Documents.read(call), ObjectTags.MAX_OBJECT_TAGS), Reply.ok());
    }

    /** DeleteObjectTagging. */
    public Reply delete(final Call call) {
        return change(call, buckets.of(call), Map.of(), Reply.noContent());
    }

    private Reply change(final Call call, final Volume bucket, final Map<String, String> tags, final Reply reply) {
        ObjectInfo changed = MetaChange.apply(objects, () -> find(call, bucket), meta -> meta.withTags(tags));
        ObjectHeaders.version(reply, changed);
        return reply;
    }

    private ObjectInfo find(final Call call, final Volume bucket) {
        ObjectInfo object = lookup.find(
                call.caller(), bucket, call.request().key(), call.request().versionId());
        Access.requireOwner(call.caller(), bucket, object);
        return object;
    }

    /** The document {@code Tagging}, in order of keys. */
    public static XmlWriter document(final Map<String, String> tags) {
        var xml = new XmlWriter(256 + tags.size() * 96).openRoot("Tagging").open("TagSet");
        new TreeMap<>(tags).forEach((key, value) -> xml.open("Tag")
                .element("Key", key)
                .element("Value", value)
                .close("Tag"));
        return xml.close("TagSet").close("Tagging");
    }
}
