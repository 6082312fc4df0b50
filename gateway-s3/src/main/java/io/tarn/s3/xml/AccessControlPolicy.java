package io.tarn.s3.xml;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of PutBucketAcl and PutObjectAcl.
 *
 * @param ownerId the owner's id as the client gives it
 * @param grants at most {@link #MAX_GRANTS}
 */
public record AccessControlPolicy(Optional<String> ownerId, List<Grant> grants) {
    /** Most grants of one ACL. */
    public static final int MAX_GRANTS = 100;

    /** Longest body. */
    public static final int MAX_BODY_BYTES = 256 * 1024;

    /** What a grant allows. */
    public enum Permission {
        /** All of the others. */
        FULL_CONTROL,
        /** Create, overwrite and delete objects. */
        WRITE,
        /** Change the ACL. */
        WRITE_ACP,
        /** List a bucket, read an object. */
        READ,
        /** Read the ACL. */
        READ_ACP
    }

    /** Whom a grant is for. */
    public sealed interface Grantee {
        /** An account, by its canonical id. */
        record CanonicalUser(String id) implements Grantee {}

        /** An account, by the address it registered with. */
        record Email(String address) implements Grantee {}

        /** One of the predefined groups, by its URI. */
        record Group(String uri) implements Grantee {}
    }

    /** One grant. */
    public record Grant(Grantee grantee, Permission permission) {}

    /** Parses the body. Fails with MalformedACLError. */
    public static AccessControlPolicy parse(final byte[] body) {
        var owner = new LinkedHashMap<String, String>();
        var grants = new ArrayList<Grant>();
        XmlReader.parse(body, "AccessControlPolicy", S3ErrorCode.MALFORMED_ACL, (name, xml) -> {
            switch (name) {
                case "Owner" -> fields(xml, owner);
                case "AccessControlList" ->
                    xml.children((child, inner) -> {
                        if (!child.equals("Grant") || grants.size() == MAX_GRANTS) {
                            throw inner.malformed();
                        }
                        grants.add(readGrant(inner));
                    });
                default -> throw xml.malformed();
            }
        });
        return new AccessControlPolicy(
                Optional.ofNullable(owner.get("ID")).filter(id -> !id.isEmpty()), List.copyOf(grants));
    }

    private static void fields(final XmlReader xml, final Map<String, String> fields) {
        xml.children((field, inner) -> {
            if (fields.put(field, inner.text().strip()) != null) {
                throw inner.malformed();
            }
        });
    }

    private static Grant readGrant(final XmlReader xml) {
        var grantee = new LinkedHashMap<String, String>();
        var permission = new ArrayList<Permission>(1);
        xml.children((name, inner) -> {
            switch (name) {
                case "Grantee" -> fields(inner, grantee);
                case "Permission" -> permission.add(permission(inner));
                default -> throw inner.malformed();
            }
        });
        if (permission.size() != 1) {
            throw xml.malformed();
        }
        return new Grant(grantee(grantee), permission.getFirst());
    }

    private static Permission permission(final XmlReader xml) {
        return switch (xml.text().strip()) {
            case "FULL_CONTROL" -> Permission.FULL_CONTROL;
            case "WRITE" -> Permission.WRITE;
            case "WRITE_ACP" -> Permission.WRITE_ACP;
            case "READ" -> Permission.READ;
            case "READ_ACP" -> Permission.READ_ACP;
            default -> throw xml.malformed();
        };
    }

    /** The kind of grantee follows from what names it: the {@code xsi:type} attribute is often missing or wrong. */
    private static Grantee grantee(final Map<String, String> fields) {
        if (fields.containsKey("ID")) {
            return new Grantee.CanonicalUser(fields.get("ID"));
        }
        if (fields.containsKey("URI")) {
            return new Grantee.Group(fields.get("URI"));
        }
        if (fields.containsKey("EmailAddress")) {
            return new Grantee.Email(fields.get("EmailAddress"));
        }
        throw new S3Exception(S3ErrorCode.MALFORMED_ACL);
    }
}
