using Cairn.Api.S3.Operations;
using static Cairn.Api.S3.Routing.ResourceLevel;

namespace Cairn.Api.S3.Routing;

/// <summary>Operations on an object or on an upload of one.</summary>
internal static class ObjectOperations
{
    public static readonly OperationRow[] Rows =
    [
        new("PutObject", "PUT", Object, "", "s3:PutObject") { Handler = PutObject.HandleAsync },
        new("CopyObject", "PUT", Object, "", "s3:PutObject")
        {
            Distinction = Distinction.CopySource,
            Handler = CopyObject.HandleAsync,
        },
        new("GetObject", "GET", Object, "", "s3:GetObject")
        {
            VersionAction = "s3:GetObjectVersion",
            Handler = GetObject.HandleAsync,
        },
        new("HeadObject", "HEAD", Object, "", "s3:GetObject")
        {
            VersionAction = "s3:GetObjectVersion",
            Handler = HeadObject.HandleAsync,
        },
        new("DeleteObject", "DELETE", Object, "", "s3:DeleteObject")
        {
            VersionAction = "s3:DeleteObjectVersion",
            Handler = DeleteObject.HandleAsync,
        },
        new("PreflightObject", "OPTIONS", Object, "", "s3:GetBucketCORS"),
        new("GetObjectAttributes", "GET", Object, "attributes", "s3:GetObjectAttributes")
        {
            VersionAction = "s3:GetObjectVersionAttributes",
            Handler = GetObjectAttributes.HandleAsync,
        },
        new("GetObjectTagging", "GET", Object, "tagging", "s3:GetObjectTagging")
        {
            VersionAction = "s3:GetObjectVersionTagging",
            Handler = GetObjectTagging.HandleAsync,
        },
        new("PutObjectTagging", "PUT", Object, "tagging", "s3:PutObjectTagging")
        {
            VersionAction = "s3:PutObjectVersionTagging",
            Handler = PutObjectTagging.HandleAsync,
        },
        new("DeleteObjectTagging", "DELETE", Object, "tagging", "s3:DeleteObjectTagging")
        {
            VersionAction = "s3:DeleteObjectVersionTagging",
            Handler = DeleteObjectTagging.HandleAsync,
        },
        new("GetObjectAcl", "GET", Object, "acl", "s3:GetObjectAcl")
        {
            VersionAction = "s3:GetObjectVersionAcl",
            Handler = GetObjectAcl.HandleAsync,
        },
        new("PutObjectAcl", "PUT", Object, "acl", "s3:PutObjectAcl")
        {
            VersionAction = "s3:PutObjectVersionAcl",
            Handler = PutObjectAcl.HandleAsync,
        },
        new("CreateMultipartUpload", "POST", Object, "uploads", "s3:PutObject")
        {
            Handler = CreateMultipartUpload.HandleAsync,
        },
        new("UploadPart", "PUT", Object, "uploadId", "s3:PutObject") { Handler = UploadPart.HandleAsync },
        new("UploadPartCopy", "PUT", Object, "uploadId", "s3:PutObject")
        {
            Distinction = Distinction.CopySource,
            Handler = UploadPartCopy.HandleAsync,
        },
        new("CompleteMultipartUpload", "POST", Object, "uploadId", "s3:PutObject")
        {
            Handler = CompleteMultipartUpload.HandleAsync,
        },
        new("AbortMultipartUpload", "DELETE", Object, "uploadId", "s3:AbortMultipartUpload")
        {
            Handler = AbortMultipartUpload.HandleAsync,
        },
        new("ListParts", "GET", Object, "uploadId", "s3:ListMultipartUploadParts")
        {
            Handler = ListParts.HandleAsync,
        },
        new("ListObjectAnnotations", "GET", Object, "annotation", "s3:GetObjectAnnotation")
        {
            VersionAction = "s3:GetObjectVersionAnnotation",
        },
        new("GetObjectAnnotation", "GET", Object, "annotation", "s3:GetObjectAnnotation")
        {
            Distinction = Distinction.Named,
            VersionAction = "s3:GetObjectVersionAnnotation",
        },
        new("PutObjectAnnotation", "PUT", Object, "annotation", "s3:PutObjectAnnotation"),
        new("DeleteObjectAnnotation", "DELETE", Object, "annotation", "s3:DeleteObjectAnnotation"),
        new("GetObjectLegalHold", "GET", Object, "legal-hold", "s3:GetObjectLegalHold"),
        new("PutObjectLegalHold", "PUT", Object, "legal-hold", "s3:PutObjectLegalHold"),
        new("GetObjectRetention", "GET", Object, "retention", "s3:GetObjectRetention"),
        new("PutObjectRetention", "PUT", Object, "retention", "s3:PutObjectRetention"),
        new("GetObjectTorrent", "GET", Object, "torrent", "s3:GetObjectTorrent")
        {
            VersionAction = "s3:GetObjectVersionTorrent",
        },
        new("RenameObject", "PUT", Object, "renameObject", "s3express:RenameObject"),
        new("RestoreObject", "POST", Object, "restore", "s3:RestoreObject"),
        new("SelectObjectContent", "POST", Object, "select", "s3:GetObject"),
        new("UpdateObjectEncryption", "PUT", Object, "encryption", "s3:UpdateObjectEncryption"),
    ];
}
