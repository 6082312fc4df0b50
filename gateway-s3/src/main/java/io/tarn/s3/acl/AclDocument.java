package io.tarn.s3.acl;

import io.tarn.s3.acl.Acl.Grant;
import io.tarn.s3.xml.XmlWriter;

/** The document {@code AccessControlPolicy} as we answer it. */
public final class AclDocument {
    private static final String INSTANCE_NAMESPACE =
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=";

    private AclDocument() {}

    /**
     * Writes a list.
     *
     * @param owner {@code tenant/user} of what the list is for
     * @param tenant tenant of the bucket
     */
    public static XmlWriter write(final Acl acl, final String owner, final String tenant) {
        var xml = new XmlWriter(512 + acl.grants().size() * 256);
        xml.openRoot("AccessControlPolicy");
        owner(xml, "Owner", owner, tenant);
        xml.open("AccessControlList");
        for (Grant grant : acl.grants()) {
            xml.open("Grant");
            switch (grant.grantee()) {
                case Grantee.User user -> {
                    xml.openWith("Grantee", INSTANCE_NAMESPACE + "\"CanonicalUser\"");
                    xml.element("ID", CanonicalIds.idOf(user.qualifiedName(), tenant));
                    xml.element("DisplayName", CanonicalIds.displayName(user.qualifiedName()));
                }
                case Grantee.Group group -> {
                    xml.openWith("Grantee", INSTANCE_NAMESPACE + "\"Group\"");
                    xml.element("URI", group.uri());
                }
            }
            xml.close("Grantee")
                    .element("Permission", grant.permission().name())
                    .close("Grant");
        }
        return xml.close("AccessControlList").close("AccessControlPolicy");
    }

    /** Writes an element that names a user: {@code Owner}, {@code Initiator}. */
    public static void owner(final XmlWriter xml, final String element, final String user, final String tenant) {
        xml.open(element)
                .element("ID", CanonicalIds.idOf(user, tenant))
                .element("DisplayName", CanonicalIds.displayName(user))
                .close(element);
    }
}
