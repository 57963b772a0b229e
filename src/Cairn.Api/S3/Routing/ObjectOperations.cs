using Cairn.Api.S3.Operations;

namespace Cairn.Api.S3.Routing;

/// <summary>Operations on an object or on an upload of one.</summary>
internal static class ObjectOperations
{
    private const ResourceLevel Level = ResourceLevel.Object;

    public static readonly OperationRow[] Rows =
    [
        new("PutObject", "PUT", Level, "", "s3:PutObject") { Handler = PutObject.HandleAsync },
        new("CopyObject", "PUT", Level, "", "s3:PutObject")
        {
            Distinction = Distinction.CopySource,
            Handler = CopyObject.HandleAsync,
        },
        new("GetObject", "GET", Level, "", "s3:GetObject")
        {
            VersionAction = "s3:GetObjectVersion",
            Handler = GetObject.HandleAsync,
        },
        new("HeadObject", "HEAD", Level, "", "s3:GetObject")
        {
            VersionAction = "s3:GetObjectVersion",
            Handler = HeadObject.HandleAsync,
        },
        new("DeleteObject", "DELETE", Level, "", "s3:DeleteObject")
        {
            VersionAction = "s3:DeleteObjectVersion",
            Handler = DeleteObject.HandleAsync,
        },
        new("PreflightObject", "OPTIONS", Level, "", "s3:GetBucketCORS"),
        new("GetObjectAttributes", "GET", Level, "attributes", "s3:GetObjectAttributes")
        {
            VersionAction = "s3:GetObjectVersionAttributes",
            Handler = GetObjectAttributes.HandleAsync,
        },
        new("GetObjectTagging", "GET", Level, "tagging", "s3:GetObjectTagging")
        {
            VersionAction = "s3:GetObjectVersionTagging",
            Handler = GetObjectTagging.HandleAsync,
        },
        new("PutObjectTagging", "PUT", Level, "tagging", "s3:PutObjectTagging")
        {
            VersionAction = "s3:PutObjectVersionTagging",
            Handler = PutObjectTagging.HandleAsync,
        },
        new("DeleteObjectTagging", "DELETE", Level, "tagging", "s3:DeleteObjectTagging")
        {
            VersionAction = "s3:DeleteObjectVersionTagging",
            Handler = DeleteObjectTagging.HandleAsync,
        },
        new("GetObjectAcl", "GET", Level, "acl", "s3:GetObjectAcl")
        {
            VersionAction = "s3:GetObjectVersionAcl",
            Handler = GetObjectAcl.HandleAsync,
        },
        new("PutObjectAcl", "PUT", Level, "acl", "s3:PutObjectAcl")
        {
            VersionAction = "s3:PutObjectVersionAcl",
            Handler = PutObjectAcl.HandleAsync,
        },
        new("CreateMultipartUpload", "POST", Level, "uploads", "s3:PutObject")
        {
            Handler = CreateMultipartUpload.HandleAsync,
        },
        new("UploadPart", "PUT", Level, "uploadId", "s3:PutObject") { Handler = UploadPart.HandleAsync },
        new("UploadPartCopy", "PUT", Level, "uploadId", "s3:PutObject")
        {
            Distinction = Distinction.CopySource,
            Handler = UploadPartCopy.HandleAsync,
        },
        new("CompleteMultipartUpload", "POST", Level, "uploadId", "s3:PutObject")
        {
            Handler = CompleteMultipartUpload.HandleAsync,
        },
        new("AbortMultipartUpload", "DELETE", Level, "uploadId", "s3:AbortMultipartUpload")
        {
            Handler = AbortMultipartUpload.HandleAsync,
        },
        new("ListParts", "GET", Level, "uploadId", "s3:ListMultipartUploadParts")
        {
            Handler = ListParts.HandleAsync,
        },
        new("ListObjectAnnotations", "GET", Level, "annotation", "s3:GetObjectAnnotation")
        {
            VersionAction = "s3:GetObjectVersionAnnotation",
        },
        new("GetObjectAnnotation", "GET", Level, "annotation", "s3:GetObjectAnnotation")
        {
            Distinction = Distinction.Named,
            VersionAction = "s3:GetObjectVersionAnnotation",
        },
        new("PutObjectAnnotation", "PUT", Level, "annotation", "s3:PutObjectAnnotation"),
        new("DeleteObjectAnnotation", "DELETE", Level, "annotation", "s3:DeleteObjectAnnotation"),
        new("GetObjectLegalHold", "GET", Level, "legal-hold", "s3:GetObjectLegalHold"),
        new("PutObjectLegalHold", "PUT", Level, "legal-hold", "s3:PutObjectLegalHold"),
        new("GetObjectRetention", "GET", Level, "retention", "s3:GetObjectRetention"),
        new("PutObjectRetention", "PUT", Level, "retention", "s3:PutObjectRetention"),
        new("GetObjectTorrent", "GET", Level, "torrent", "s3:GetObjectTorrent")
        {
            VersionAction = "s3:GetObjectVersionTorrent",
        },
        new("RenameObject", "PUT", Level, "renameObject", "s3express:RenameObject"),
        new("RestoreObject", "POST", Level, "restore", "s3:RestoreObject"),
        new("SelectObjectContent", "POST", Level, "select", "s3:GetObject"),
        new("UpdateObjectEncryption", "PUT", Level, "encryption", "s3:UpdateObjectEncryption"),
    ];
}
