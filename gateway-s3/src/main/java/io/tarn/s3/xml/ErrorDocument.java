package io.tarn.s3.xml;

import io.tarn.s3.error.S3Exception;

/** The body of an error answer. */
public final class ErrorDocument {
    private ErrorDocument() {}

    /**
     * Writes an error as S3 does: code, message, further elements, resource, and the ids by which support finds the request.
     *
     * @param resource the path to name when the error names none
     */
    public static XmlWriter write(
            final S3Exception error, final String resource, final String requestId, final String hostId) {
        var xml = new XmlWriter(512);
        xml.open("Error").element("Code", error.code().code()).element("Message", error.getMessage());
        error.details().forEach(xml::element);
        return xml.element("Resource", error.resource().orElse(resource))
                .element("RequestId", requestId)
                .element("HostId", hostId)
                .close("Error");
    }
}
