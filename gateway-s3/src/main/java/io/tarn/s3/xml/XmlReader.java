package io.tarn.s3.xml;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A pull parser for the small documents clients send. No DTD, no entities but the five of XML, bounded depth, number of
 * elements and length of text; namespaces are read over, since clients leave them out. Everything wrong is MalformedXML (or the
 * code the document's operation has for it). Not thread-safe.
 */
public final class XmlReader {
    /** Deepest nesting of elements. */
    public static final int MAX_DEPTH = 16;

    /** Most elements in a document: Complete with 10,000 parts and all their fields has 80,000. */
    public static final int MAX_ELEMENTS = 100_000;

    /** Longest text of an element, in characters; a key has at most 1024 bytes. */
    public static final int MAX_TEXT = 8192;

    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader stream;
    private final S3ErrorCode malformedCode;
    private int depth;
    private int elements;

    private XmlReader(final XMLStreamReader stream, final S3ErrorCode malformedCode) {
        this.stream = stream;
        this.malformedCode = malformedCode;
    }

    /** Reads the children of one element; must consume each child with {@link #text} or {@link #children}. */
    @FunctionalInterface
    public interface ChildHandler {
        /** Takes the child whose start tag was just read. */
        void child(String name, XmlReader reader);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are not read");
        });
        return factory;
    }

    /** Parses a document with this root element. Fails with MalformedXML. */
    public static void parse(final byte[] document, final String root, final ChildHandler handler) {
        parse(document, root, S3ErrorCode.MALFORMED_XML, handler);
    }

    /** Parses a document with this root element. Fails with the given code. */
    public static void parse(
            final byte[] document, final String root, final S3ErrorCode malformedCode, final ChildHandler handler) {
        try {
            XMLStreamReader stream;
            synchronized (FACTORY) {
                stream = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
            }
            try {
                new XmlReader(stream, malformedCode).document(root, handler);
            } finally {
                stream.close();
            }
        } catch (XMLStreamException notXml) {
            throw new S3Exception(malformedCode, malformedCode.defaultMessage(), notXml);
        }
    }

    private void document(final String root, final ChildHandler handler) throws XMLStreamException {
        int event = next();
        while (event != XMLStreamConstants.START_ELEMENT) {
            event = next();
        }
        if (!stream.getLocalName().equals(root)) {
            throw malformed();
        }
        children(handler);
        while (stream.hasNext()) {
            next();
        }
    }

    private int next() throws XMLStreamException {
        int event = step();
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                if (++depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) {
                    throw malformed();
                }
            }
            case XMLStreamConstants.END_ELEMENT -> depth--;
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw malformed();
            default -> {
                // text, comments and instructions are the caller's to judge
            }
        }
        return event;
    }

    private int step() throws XMLStreamException {
        try {
            return stream.next();
        } catch (RuntimeException defect) {
            // the JDK's parser answers some broken documents with unchecked exceptions
            throw new XMLStreamException("not XML", defect);
        }
    }

    /** Reads the children of the current element to its end. Text between them must be blank. */
    public void children(final ChildHandler handler) {
        try {
            while (true) {
                int event = next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    return;
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    handler.child(stream.getLocalName(), this);
                } else if (event == XMLStreamConstants.CHARACTERS && !stream.isWhiteSpace()) {
                    throw malformed();
                }
            }
        } catch (XMLStreamException notXml) {
            throw new S3Exception(malformedCode, malformedCode.defaultMessage(), notXml);
        }
    }

    /** Reads the text of the current element to its end; it may have no children. */
    public String text() {
        try {
            var text = new StringBuilder(64);
            while (true) {
                int event = next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    return text.toString();
                }
                if (event == XMLStreamConstants.START_ELEMENT || text.length() > MAX_TEXT) {
                    throw malformed();
                }
                if (event == XMLStreamConstants.CHARACTERS
                        || event == XMLStreamConstants.CDATA
                        || event == XMLStreamConstants.SPACE) {
                    if (text.length() + stream.getTextLength() > MAX_TEXT) {
                        throw malformed();
                    }
                    text.append(stream.getTextCharacters(), stream.getTextStart(), stream.getTextLength());
                }
            }
        } catch (XMLStreamException notXml) {
            throw new S3Exception(malformedCode, malformedCode.defaultMessage(), notXml);
        }
    }

    /** The text of the current element as a number. */
    public long number() {
        String text = text().strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw malformed();
        }
    }

    /** The value of an attribute of the current element by its local name, or empty text. Call before reading on. */
    public String attribute(final String localName) {
        for (int i = 0; i < stream.getAttributeCount(); i++) {
            if (stream.getAttributeLocalName(i).equals(localName)) {
                return stream.getAttributeValue(i);
            }
        }
        return "";
    }

    /** The error for a document that is XML but not what it should be. */
    public S3Exception malformed() {
        return new S3Exception(malformedCode);
    }
}
